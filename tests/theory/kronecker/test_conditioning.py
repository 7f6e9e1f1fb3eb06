"""Any mean and any covariance, against eigenvalues of the matrices written out."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.strategies import matrices
from tests.theory.kronecker.drawn import means
from tests.theory.quadratic.problems import orthogonal
from theory import kronecker
from theory import symbols as s


@st.composite
def inputs(draw):
    """A covariance and a mean."""
    N = draw(st.integers(1, 4))
    return draw(matrices(s.Sigma.domain, {"N": N})), draw(matrices(s.mu.domain, {"N": N}))[:, 0]


@about(kronecker.uncentred)
@given(mu=means(), data=st.data())
def test_all_eigenvalues_with_a_mean(claim, mu, data):
    S = data.draw(matrices(s.S.domain, {"n": data.draw(st.integers(1, 3))}))
    N, nu = len(mu), 1 + mu @ mu
    values = np.atleast_1d(claim(mu=mu, S=S))
    size = N * len(S) * nu * (1 + np.trace(S)) * 4
    expected = np.linalg.eigvalsh(np.kron(np.eye(N) + np.outer(mu, mu), S))
    assert rounded(values, expected, size)
    assert rounded(values[-1], nu * np.linalg.eigvalsh(S)[-1], size)
    turn = data.draw(orthogonal(N))
    assert rounded(claim(mu=turn @ mu, S=S), values, size), "only the length counts"


@about(kronecker.uncentred)
@given(N=st.integers(1, 5), data=st.data())
def test_centring_leaves_copies_of_the_eigenvalues_of_s(claim, N, data):
    S = data.draw(matrices(s.S.domain, {"n": data.draw(st.integers(1, 3))}))
    values = np.atleast_1d(claim(mu=np.zeros(N), S=S))
    assert rounded(values, np.repeat(np.linalg.eigvalsh(S), N), 8 * (1 + np.trace(S)))


@about(kronecker.top_eigenvalue)
@given(pair=inputs())
def test_the_top_eigenvalue_lies_between(claim, pair):
    Sigma, mu = pair
    bounds = claim(Sigma=Sigma, mu=mu)
    size = 8 * len(mu) * (np.trace(Sigma) + mu @ mu)
    top = np.linalg.eigvalsh(Sigma + np.outer(mu, mu))[-1]
    assert below(bounds["lower"], top, size)
    assert below(top, bounds["upper"], size)
    spread = np.linalg.eigvalsh(Sigma)
    assert bounds["upper"] - bounds["lower"] <= spread[-1] + 64e-15 * size


@about(kronecker.top_eigenvalue)
@given(pair=inputs(), length=st.floats(0.01, 10))
def test_a_mean_along_the_leading_axis_attains_both(claim, pair, length):
    Sigma, _ = pair
    values, vectors = np.linalg.eigh(Sigma)
    bounds = claim(Sigma=Sigma, mu=length * vectors[:, -1])
    size = 16 * len(Sigma) * (np.trace(Sigma) + length**2)
    for side in bounds.values():
        assert rounded(side, length**2 + values[-1], size)


@about(kronecker.mean_direction)
@given(pair=inputs(), data=st.data())
def test_what_is_left_is_orthogonal_and_vanishes_on_the_axes(claim, pair, data):
    Sigma, mu = pair
    left = np.atleast_1d(claim(Sigma=Sigma, mu=mu))
    size = 16 * len(mu) * (1 + np.trace(Sigma)) * (1 + mu @ mu)
    assert rounded(left @ mu, 0, size)
    A = Sigma + np.outer(mu, mu)
    if mu.any():
        image = A @ mu
        assert rounded(left, image - mu * (mu @ image) / (mu @ mu), size + np.abs(image).sum() * 16)
    axis = np.linalg.eigh(Sigma)[1][:, data.draw(st.integers(0, len(mu) - 1))]
    assert rounded(claim(Sigma=Sigma, mu=2 * axis), 0, size)
