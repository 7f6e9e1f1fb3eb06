"""The block of any batch, what K-FAC misses of it, and where that is nothing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.strategies import matrices
from tests.theory.quadratic.problems import orthogonal
from theory import kronecker
from theory import symbols as s


@st.composite
def batches(draw, smallest=1):
    """Inputs and derivatives of a few examples."""
    at = {"N": draw(st.integers(1, 4)), "n": draw(st.integers(1, 3))}
    at["p"] = draw(st.integers(smallest, 5))
    return draw(matrices(s.X.domain, at)), draw(matrices(s.D.domain, at))


def size_of(X, D):
    """The size of the terms of the block's squared norm."""
    p = X.shape[1]
    return (1 + np.sum(X**2) / p) ** 2 * (1 + np.sum(D**2) / p) ** 2 * 8 * p**2


@about(kronecker.block)
@given(batch=batches(), data=st.data())
def test_the_block_is_the_curvature_of_every_displacement(claim, batch, data):
    X, D = batch
    Delta = data.draw(matrices(s.Delta.domain, {"N": len(X), "n": len(D)}))
    G = np.atleast_2d(claim(X=X, D=D))
    along = Delta.T.ravel()
    slopes = np.einsum("ku,kj,ju->u", D, Delta, X)
    size = size_of(X, D) * (1 + np.sum(Delta**2))
    assert rounded(along @ G @ along, np.mean(slopes**2), size)
    assert rounded(G, G.T, size_of(X, D))
    assert below(0, np.linalg.eigvalsh(G), size_of(X, D))


@about(kronecker.block)
@given(batch=batches())
def test_its_trace_and_rank(claim, batch):
    X, D = batch
    G = np.atleast_2d(claim(X=X, D=D))
    norms = np.sum(X**2, axis=0) * np.sum(D**2, axis=0)
    assert rounded(np.trace(G), norms.mean(), size_of(X, D))
    assert np.linalg.matrix_rank(G) <= X.shape[1]


@about(kronecker.error)
@given(batch=batches())
def test_the_error_is_the_squared_distance(claim, batch):
    X, D = batch
    p = X.shape[1]
    gap = np.atleast_2d(kronecker.block(X=X, D=D)) - np.kron(X @ X.T / p, D @ D.T / p)
    assert rounded(claim(X=X, D=D), np.sum(gap**2), size_of(X, D))


@about(kronecker.error)
@given(batch=batches(), data=st.data())
def test_the_error_sees_neither_axes_nor_order_nor_copies(claim, batch, data):
    X, D = batch
    value = claim(X=X, D=D)
    turn, other = data.draw(orthogonal(len(X))), data.draw(orthogonal(len(D)))
    order = data.draw(st.permutations(range(X.shape[1])))
    size = 16 * size_of(X, D)
    assert rounded(claim(X=turn @ X, D=other @ D), value, size)
    assert rounded(claim(X=X[:, order], D=D[:, order]), value, size)
    assert rounded(claim(X=np.hstack([X, X]), D=np.hstack([D, D])), value, size)
    assert rounded(claim(X=2 * X, D=D), 16 * value, 16 * size)


@about(kronecker.error)
@given(batch=batches(), data=st.data())
def test_no_error_where_one_side_is_the_same_for_all(claim, batch, data):
    X, D = batch
    same = np.repeat(D[:, :1], D.shape[1], axis=1)
    signs = np.array(data.draw(st.lists(st.sampled_from((-1, 1)), min_size=5, max_size=5)))
    size = size_of(X, same)
    assert rounded(claim(X=X, D=same * signs[: X.shape[1]]), 0, size), "ss' has no sign"
    # all pairs of inputs and derivatives: independent in the batch
    p = X.shape[1]
    crossed = np.repeat(X, p, axis=1), np.tile(D, p)
    assert rounded(claim(X=crossed[0], D=crossed[1]), 0, size_of(*crossed))


@about(kronecker.error_bound)
@given(batch=batches(smallest=2))
def test_the_bound_holds_and_two_examples_attain_it(claim, batch):
    X, D = batch
    size = size_of(X, D)
    assert below(kronecker.error(X=X, D=D), claim(X=X, D=D)["upper"] ** 2, size)
    two = {"X": X[:, :2], "D": D[:, :2]}
    assert rounded(kronecker.error(**two), claim(**two)["upper"] ** 2, size)


@about(kronecker.deep_linear)
@given(data=st.data())
def test_the_hessian_of_a_deep_linear_net(claim, data):
    at = {letter: data.draw(st.integers(1, 3)) for letter in ("N", "n", "p", "M")}
    X, J = data.draw(matrices(s.X.domain, at)), data.draw(matrices(s.J.domain, at))
    Delta = data.draw(matrices(s.Delta.domain, at))
    H, along = np.atleast_2d(claim(X=X, J=J)), Delta.T.ravel()
    size = (1 + np.sum(X**2)) * (1 + np.sum(J**2)) * (1 + np.sum(Delta**2)) * 64
    assert rounded(along @ H @ along, np.sum((J @ Delta @ X) ** 2) / at["p"], size)
    # its Gauss-Newton block, output by output, is the same: K-FAC misses nothing
    blocks = sum(
        np.atleast_2d(kronecker.block(X=X, D=np.repeat(row[:, None], at["p"], axis=1))) for row in J
    )
    assert rounded(H, blocks, size)
