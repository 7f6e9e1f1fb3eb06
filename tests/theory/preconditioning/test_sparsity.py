"""Arrows: RR' has them exactly if the inputs are uncorrelated."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.about import about
from tests.theory.preconditioning.standardised import layers
from theory import preconditioning
from theory.claim import Claim

means = st.lists(st.sampled_from([0.0, 1.0, -2.5]), min_size=1, max_size=6)


def arrow(N):
    """Where a quasi-diagonal matrix may have numbers."""
    pattern = np.eye(N + 1, dtype=bool)
    pattern[-1] = pattern[:, -1] = True
    return pattern


@about(preconditioning.quasi_diagonal)
@given(mu=means, scale=st.floats(0.25, 4))
def test_counts_of_both_matrices(claim: Claim, mu, scale):
    N = len(mu)
    values = {"mu": mu, "Sigma": scale * np.diag(1.0 + np.arange(N)), "n": 1}
    counts = claim(mu=mu)
    preconditioner = np.atleast_2d(preconditioning.blocks_of_preconditioner(**values))
    assert np.count_nonzero(preconditioner) == counts["preconditioner"] <= 3 * N + 1
    assert not preconditioner[~arrow(N)].any()
    inverse = preconditioning.blocks_of_inverse(**values)
    assert np.count_nonzero(inverse) == counts["inverse"] <= (N + 1) ** 2
    assert counts["preconditioner"] <= counts["inverse"]


@about(preconditioning.quasi_diagonal)
@given(layer=layers())
def test_an_arrow_needs_uncorrelated_inputs(claim: Claim, layer):
    Sigma, N = layer.Sigma, layer.N
    correlations = Sigma / np.sqrt(np.outer(np.diag(Sigma), np.diag(Sigma))) - np.eye(N)
    assume(N > 1 and abs(correlations).max() > 1e-3)
    found = preconditioning.blocks_of_preconditioner(**(layer.values | {"n": 1}))
    off = abs(found[~arrow(N)]).max() / abs(np.diag(found)).max()
    assert off > 1e-6 / layer.condition


@about(preconditioning.quasi_diagonal)
@given(N=st.integers(1, 8))
def test_full_and_empty_means(claim: Claim, N):
    assert claim(mu=np.ones(N)) == {"preconditioner": 3 * N + 1, "inverse": (N + 1) ** 2}
    assert claim(mu=np.zeros(N)) == {"preconditioner": N + 1, "inverse": N + 1}
