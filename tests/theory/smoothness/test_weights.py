"""From outputs to weights, for every layer and bound on its inputs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.smoothness.weights import feasible, maximiser
from tests.about import about
from tests.close import below, rounded
from tests.theory.smoothness.batches import batches, generators
from theory import smoothness
from theory.claim import Claim


def layer(rng, batch, N):
    """Inputs and weights that give the batch's outputs."""
    W, X = rng.normal(size=N), rng.normal(size=(N, len(batch.y)))
    W += np.sign(W) / 4
    return X + np.outer(W, batch.y - X.T @ W) / (W @ W), W


@about(smoothness.weight_gradient)
@given(rng=generators(), batch=batches(), N=st.integers(1, 4), factor=st.floats(0.25, 4))
def test_a_factor_of_the_inputs_drops_out(claim: Claim, rng, batch, N, factor):
    X, W = layer(rng, batch, N)
    values = {"W": W, "g": batch.g, "gamma": batch.gamma, "eps": 0}
    size = batch.size * (1 + abs(X).sum()) * 16
    slope = np.atleast_1d(claim(X=X, **values))
    assert rounded(np.atleast_1d(claim(X=factor * X, **values)), slope, size)
    assert rounded(slope @ W, 0, size * abs(W).sum())  # batch norm does not see the length of W


@about(smoothness.weight_hessian)
@given(rng=generators(), batch=batches(), N=st.integers(1, 4))
def test_along_the_weights_it_turns_the_gradient_round(claim: Claim, rng, batch, N):
    X, W = layer(rng, batch, N)
    values = {"X": X, "W": W, "g": batch.g, "gamma": batch.gamma, "eps": 0}
    found = claim(**values, H=batch.H)
    matrix = np.atleast_2d(found["hessian"])
    slope = np.atleast_1d(smoothness.weight_gradient(**values))
    size = batch.size**2 * (1 + abs(X).sum()) ** 2 * 16
    assert rounded(matrix, matrix.T, size)
    assert rounded(matrix @ W, -slope, size * abs(W).sum())
    size *= (slope @ slope + 1) * (1 + abs(matrix).sum())
    assert rounded(found["along the gradient"], slope @ matrix @ slope, size)


@about(smoothness.weight_gradient_bounds)
@given(rng=generators(), batch=batches(), N=st.integers(1, 6))
def test_no_gradient_leaves_the_bounds(claim: Claim, rng, batch, N):
    X = rng.normal(size=(N, len(batch.g)))
    bounds, stretched = claim(X=X, g=batch.g), np.sum((X @ batch.g) ** 2)
    size = 4 * np.sum(X**2) * (batch.g @ batch.g) * len(batch.g)
    assert below(bounds["lower"], stretched, size)
    assert below(stretched, bounds["upper"], size)
    if len(batch.g) > N:  # more examples than inputs
        assert rounded(bounds["lower"], 0, size)


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
