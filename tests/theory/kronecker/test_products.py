"""Kronecker products of any two matrices of the domain, against NumPy's own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from tests.strategies import matrices
from theory import kronecker
from theory import symbols as s

sizes = st.tuples(st.integers(1, 4), st.integers(1, 4))


@st.composite
def pairs(draw, kind="psd"):
    """A, S and a displacement of the weights of a layer."""
    N, n = draw(sizes)
    at = {"N": N, "n": n}
    A = draw(matrices(s.A.within(kind=kind).domain, at))
    S = draw(matrices(s.S.within(kind=kind).domain, at))
    return A, S, draw(matrices(s.Delta.domain, at))


def stacked(Delta):
    return Delta.T.ravel()


@about(kronecker.product_eigenvalues)
@given(pair=pairs())
def test_trace_determinant_and_rank_follow(claim, pair):
    """tr(A (x) S) = tr A tr S, det(A (x) S) = det(A)^n det(S)^N, and the ranks multiply."""
    A, S, _ = pair
    N, n = len(A), len(S)
    values = np.atleast_1d(claim(A=A, S=S))
    size = (1 + np.trace(A)) * (1 + np.trace(S))
    assert rounded(values.sum(), np.trace(A) * np.trace(S), N * n * size)
    assert rounded(values, np.linalg.eigvalsh(np.kron(A, S)), N * n * size)
    scaled = np.linalg.det(A / (1 + np.trace(A))) ** n * np.linalg.det(S / (1 + np.trace(S))) ** N
    assert rounded(np.prod(values / size), scaled, N * n)


@about(kronecker.product_eigenvalues)
@given(pair=pairs("definite"))
def test_the_condition_numbers_multiply_and_the_order_does_not_matter(claim, pair):
    A, S, _ = pair
    values = np.atleast_1d(claim(A=A, S=S))
    condition = np.linalg.cond(A) * np.linalg.cond(S)
    assert rounded(values[-1] / values[0], condition, len(values) * condition**2)
    size = np.trace(A) * np.trace(S)
    assert rounded(values, claim(A=S, S=A), len(values) * size)
    assert (np.diff(values) >= 0).all()


@about(kronecker.product_eigenvalues)
@given(pair=pairs(), data=st.data())
def test_eigenvectors_multiply(claim, pair, data):
    A, S, _ = pair
    (first, vectors), (second, others) = np.linalg.eigh(A), np.linalg.eigh(S)
    i, j = data.draw(st.integers(0, len(A) - 1)), data.draw(st.integers(0, len(S) - 1))
    vector = np.kron(vectors[:, i], others[:, j])
    size = len(A) * len(S) * (1 + np.trace(A)) * (1 + np.trace(S))
    assert rounded(np.kron(A, S) @ vector, first[i] * second[j] * vector, size)
    values = np.atleast_1d(claim(A=A, S=S))
    assert rounded(np.abs(values - first[i] * second[j]).min(), 0, size)


@about(kronecker.matrix_product)
@given(pair=pairs())
def test_columns_need_one_order_and_rows_the_other(claim, pair):
    A, S, Delta = pair
    found = np.atleast_1d(claim(A=A, S=S, Delta=Delta))
    size = abs(A).sum() * abs(S).sum() * (1 + abs(Delta).max())
    assert rounded(found, np.kron(A, S) @ stacked(Delta), size)
    by_rows = np.kron(S, A) @ Delta.ravel()
    assert rounded(found.reshape(len(A), len(S)).T.ravel(), by_rows, size)


@about(kronecker.matrix_product)
@given(pair=pairs(), data=st.data())
def test_products_follow_each_other(claim, pair, data):
    """(A (x) S)(B (x) T) = AB (x) ST: here with B = A, T = S."""
    A, S, Delta = pair
    once = np.atleast_1d(claim(A=A, S=S, Delta=Delta)).reshape(len(A), len(S)).T
    twice = np.atleast_1d(claim(A=A, S=S, Delta=once))
    size = (abs(A).sum() * abs(S).sum()) ** 2 * (1 + abs(Delta).max())
    assert rounded(twice, claim(A=A @ A, S=S @ S, Delta=Delta), size)


@about(kronecker.inverse_product)
@given(pair=pairs("definite"))
def test_the_inverse_undoes_the_product(claim, pair):
    A, S, Delta = pair
    forward = np.atleast_1d(kronecker.matrix_product(A=A, S=S, Delta=Delta))
    back = claim(A=A, S=S, Delta=forward.reshape(len(A), len(S)).T)
    condition = np.linalg.cond(A) * np.linalg.cond(S)
    assert rounded(back, stacked(Delta), 16 * condition * (1 + np.linalg.norm(Delta)))
