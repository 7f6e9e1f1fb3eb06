"""Sign updates and natural gradient, for every size and length."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from theory import invariance
from theory.claim import Claim

lengths = st.floats(0.2, 5)
rates = st.floats(0.01, 1)


@about(invariance.sign_growth)
@given(N=st.integers(1, 3), k=st.integers(0, 3), eta=rates, norm=lengths, seed=st.integers(0, 999))
def test_the_mean_over_all_signs(claim: Claim, N, k, eta, norm, seed):
    W = np.random.default_rng(seed).normal(size=N)
    W *= norm / np.linalg.norm(W)
    squares = [
        np.sum((W - eta * np.reshape(signs, (k, N)).sum(axis=0)) ** 2)
        for signs in product((-1, 1), repeat=N * k)
    ]
    closed = claim(N=N, eta=eta, norm=norm, k=k)
    assert rounded(closed["squared norm"], np.mean(squares), (norm + k * eta * N) ** 2 * 8)
    assert rounded(closed["last turn"] ** 2 * np.mean(squares), eta**2 * N, 64 * eta**2 * N)


@about(invariance.kfac_immunity)
@given(norm=lengths, n=st.integers(2, 4), p=st.integers(1, 5), seed=st.integers(0, 999))
def test_it_solves_the_system_as_far_as_it_can_be_solved(claim: Claim, norm, n, p, seed):
    rng = np.random.default_rng(seed)
    u, *others = np.linalg.qr(rng.normal(size=(n, n)))[0].T
    # Built on the others: taking u's part from a column that is nearly u leaves rounding of u.
    D = np.transpose(others) @ rng.normal(size=(n - 1, p))
    singular = np.linalg.svd(D)[1][: min(p, n - 1)]
    condition = (singular[0] / singular[-1]) ** 2
    if condition > 1e4:
        return
    update = claim(X=D, norm=norm)
    F, g = D @ D.T / p / norm**2, D.mean(axis=1) / norm
    size = n * p * condition * (np.linalg.norm(g) + np.linalg.norm(F) * np.linalg.norm(update))
    assert rounded(F @ update, g, size)
    assert rounded(u @ update, 0, n * condition * (1 + np.linalg.norm(update)))
    assert rounded(claim(X=D, norm=2 * norm), 2 * update, condition * (1 + np.abs(update).max()))


@about(invariance.damped_kfac)
@given(
    eta=rates, norm=lengths, lam=st.floats(0.1, 4), damping=st.floats(0.001, 1), c=st.floats(1.1, 9)
)
def test_it_lies_between_immune_and_descent(claim: Claim, eta, norm, lam, damping, c):
    here = claim(eta=eta, norm=norm, lam=lam, damping=damping)
    there = claim(eta=eta, norm=c * norm, lam=lam, damping=damping)
    assert here / c**2 < there < here < eta / lam
    fisher = np.diag([lam, 1, 0]) / norm**2 + damping * np.eye(3)
    step = eta * np.linalg.solve(fisher, [1 / norm, 0, 0])
    assert rounded(step[0] / norm, here, 8 * here)
