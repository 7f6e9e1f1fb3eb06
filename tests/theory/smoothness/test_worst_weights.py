"""The largest gradients in the weights: what attains them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.smoothness.worst_weights import feasible, maximiser
from tests.about import about
from tests.close import below, rounded
from tests.theory.smoothness.batches import batches, generators
from theory import smoothness
from theory.claim import Claim


@about(smoothness.largest_plain_gradient, smoothness.largest_weight_gradient)
@given(rng=generators(), batch=batches(smallest=3), N=st.integers(2, 4), radius=st.floats(0.3, 3))
def test_the_maximiser_gives_the_outputs_and_keeps_the_norm(claim: Claim, rng, batch, N, radius):
    plain = claim is smoothness.largest_plain_gradient
    slope = batch.g if plain else batch.slope
    W = rng.normal(size=N)
    W *= 1.5 * np.linalg.norm(batch.y) / (radius * np.linalg.norm(W))
    weights, X = maximiser(batch.y, W, slope, radius, rng.normal(size=N))
    size = batch.size**2 * (1 + radius) ** 4 * (1 + abs(weights).sum()) ** 2
    assert rounded(X.T @ weights, batch.y, size)
    assert below(np.linalg.norm(X, 2), radius, size)
    values = {"g": batch.g, "radius": radius}
    top = claim(**values) if plain else claim(**values, y=batch.y, gamma=batch.gamma)
    assert rounded(np.sum((X @ slope) ** 2), top, size)
    for other in feasible(rng, batch.y, weights, radius, 3):
        assert below(np.sum((other @ slope) ** 2), top, size)


@about(smoothness.largest_weight_gradient)
def test_with_outputs_that_vary_there_is_no_maximum(claim: Claim):
    """The right side with y pinned grows without bound as y shrinks at inputs of norm 1."""
    across = np.array([1, 1, -2])
    for share in (0.5, 0.1, 0.01, 0.001):
        X = np.array([share * np.array([1, -1, 0]), across / 6**0.5])
        assert np.linalg.norm(X, 2) <= 1 + 1e-15
        slope = smoothness.weight_gradient(X=X, W=[1, 0], g=across, gamma=1, eps=0)
        assert rounded(slope @ slope, 9 / share**2)
