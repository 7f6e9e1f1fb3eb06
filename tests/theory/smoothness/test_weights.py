"""From outputs to weights, for every layer and bound on its inputs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

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
