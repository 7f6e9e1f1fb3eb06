"""Pictures of a loss, for every layer, direction and factor."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.smoothness.batches import batches, generators
from theory import smoothness
from theory.claim import Claim

places = st.floats(-0.25, 0.25)
factors = st.floats(1e-3, 1e3)


def layer(rng, batch, N=3):
    """Inputs, weights and a direction, with the batch's outputs."""
    W, d, X = *rng.normal(size=(2, N)), rng.normal(size=(N, len(batch.y)))
    X += np.outer(W, batch.y - X.T @ W) / (W @ W)
    return X, W, d


def size_of(X, W, moved, batch):
    spread = np.std(X.T @ moved)
    return batch.size * len(batch.y) * (1 + abs(X).sum() * np.linalg.norm(W) / spread) ** 2


@about(smoothness.filter_normalised_slice)
@given(rng=generators(), batch=batches(smallest=3), x=places, factor=factors)
def test_no_factor_of_weights_or_direction_changes_it(claim: Claim, rng, batch, x, factor):
    X, W, d = layer(rng, batch)
    found = claim(X=X, W=W, d=d, g=batch.g, x=x)
    size = size_of(X, W, W / np.linalg.norm(W) + x * d / np.linalg.norm(d), batch)
    assert rounded(claim(X=X, W=factor * W, d=d, g=batch.g, x=x), found, size)
    assert rounded(claim(X=X, W=W, d=factor * d, g=batch.g, x=x), found, size)
    assert rounded(claim(X=factor * X, W=W, d=d, g=batch.g, x=x), found, size)


@about(smoothness.raw_slice)
@given(rng=generators(), batch=batches(smallest=3), x=places, factor=factors)
def test_a_factor_of_the_weights_stretches_it(claim: Claim, rng, batch, x, factor):
    X, W, d = layer(rng, batch)
    found = claim(X=X, W=W, d=d, g=batch.g, x=x)
    size = size_of(X, W, W + x * d, batch) * (1 + np.linalg.norm(d) / np.linalg.norm(W)) ** 2
    assert rounded(claim(X=X, W=factor * W, d=d, g=batch.g, x=factor * x), found, 4 * size)


@about(smoothness.interpolated_loss)
@given(rng=generators(), N=st.integers(1, 4), x=st.floats(0, 1))
def test_it_lies_under_the_line_and_meets_it_at_the_ends(claim: Claim, rng, N, x):
    root, V, d = rng.normal(size=(N, N)), *rng.normal(size=(2, N))
    values = {"R": root @ root.T, "V": V, "d": d}
    ends = claim(**values, x=0), claim(**values, x=1)
    size = 16 * abs(values["R"]).sum() * (abs(V).max() + abs(d).max()) ** 2
    assert rounded(ends[0], V @ values["R"] @ V / 2, size)
    assert rounded(ends[1], d @ values["R"] @ d / 2, size)
    assert below(claim(**values, x=x), (1 - x) * ends[0] + x * ends[1], size)


@about(smoothness.nearest_multiple)
@given(rng=generators(), N=st.integers(1, 5), k=st.floats(-3, 3))
def test_no_multiple_is_nearer(claim: Claim, rng, N, k):
    W, goal = rng.normal(size=(2, N))
    goal += np.sign(goal) / 4
    nearest = claim(W=W, d=W - goal)
    size = 16 * N * (1 + abs(k)) ** 2 * (abs(W).max() + abs(goal).max()) ** 2 * (1 + W @ W)
    assert below(nearest, np.sum((W - k * goal) ** 2), size)
    best = (W @ goal) / (goal @ goal)
    assert rounded(nearest, np.sum((W - best * goal) ** 2), size * (1 + 1 / (goal @ goal)))
