"""Ranks of S for nets of any size, and the spectrum of softmax regression for any mean."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from tests.strategies import matrices
from theory import kronecker
from theory import symbols as s

widths, examples, outputs = st.integers(1, 8), st.integers(1, 4), st.integers(1, 4)


@about(kronecker.outlier_count)
@given(n=widths, p=examples, M=outputs, seed=st.integers(0, 2**32 - 1))
def test_ranks_of_drawn_jacobians(claim, n, p, M, seed):
    rng = np.random.default_rng(seed)
    own, shared = rng.normal(size=(M * p, n)), rng.normal(size=(M, n))
    q = rng.dirichlet(np.full(M, 5.0))
    curvature = np.diag(q) - np.outer(q, q)
    floor = 64 * np.finfo(float).eps * M
    count = claim(n=n, p=p, M=M)
    assert np.linalg.matrix_rank(own) == count["own Jacobians"]
    assert np.linalg.matrix_rank(shared) == count["shared Jacobian"]
    found = np.linalg.matrix_rank(curvature @ shared, tol=floor * np.linalg.norm(shared))
    assert found == count["shared, softmax"]


@about(kronecker.outlier_count)
@given(n=widths, p=examples, M=outputs)
def test_sharing_and_softmax_lose_outliers(claim, n, p, M):
    count = claim(n=n, p=p, M=M)
    softmax, shared, own = (
        count[name] for name in ("shared, softmax", "shared Jacobian", "own Jacobians")
    )
    assert softmax <= shared <= own <= n
    assert claim(n=n, p=1, M=M)["own Jacobians"] == shared, "a single example shares with itself"
    assert claim(n=n, p=p + 1, M=M)["own Jacobians"] >= own


@about(kronecker.softmax_regression)
@given(data=st.data(), N=st.integers(1, 4), M=st.integers(2, 5))
def test_all_eigenvalues_of_softmax_regression(claim, data, N, M):
    mu = data.draw(matrices(s.mu.domain, {"N": N}))[:, 0]
    nu = 1 + mu @ mu
    values = claim(mu=mu, M=M)
    S = (np.eye(M) - np.ones((M, M)) / M) / M
    expected = np.linalg.eigvalsh(np.kron(np.eye(N) + np.outer(mu, mu), S))
    assert rounded(values, expected, 4 * N * M * nu)
    assert np.sum(values == 0) == N
    assert np.sum(values > 1.0000001 / M) == (M - 1 if mu @ mu > 1e-6 else 0)
    assert rounded(values.sum(), (N - 1 + nu) * (M - 1) / M, 4 * N * M * nu)


@about(kronecker.softmax_regression)
@given(data=st.data(), N=st.integers(1, 3), M=st.integers(2, 4))
def test_it_is_the_uncentred_block_of_softmax(claim, data, N, M):
    mu = data.draw(matrices(s.mu.domain, {"N": N}))[:, 0]
    S = (np.eye(M) - np.ones((M, M)) / M) / M
    block = kronecker.uncentred(mu=mu, S=(S + S.T) / 2)
    assert rounded(claim(mu=mu, M=M), block, 8 * N * M * (1 + mu @ mu))
