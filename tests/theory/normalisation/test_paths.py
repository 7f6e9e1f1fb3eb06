"""The paths of the gradient, for every batch and gradient."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from tests.theory.normalisation.units import batches, layers, like, scales, small, spread
from theory import normalisation
from theory.claim import Claim


@about(normalisation.paths)
@given(y=batches(), eps=small, gamma=scales, data=st.data())
def test_the_three_add_up_to_the_gradient(claim: Claim, y, eps, gamma, data):
    g = data.draw(like(y))
    parts = claim(y=y, g=g, gamma=gamma, eps=eps)
    whole = gamma * normalisation.jacobian(y=y, eps=eps) @ g
    size = len(y) ** 2 * (1 + np.abs(y).max() / spread(y)) * gamma / spread(y, eps)
    assert rounded(sum(parts.values()), whole, size * (1 + np.abs(g).sum()))


@about(normalisation.paths)
@given(y=batches(), gamma=scales, data=st.data())
def test_the_statistics_take_off_the_least_squares_line(claim: Claim, y, gamma, data):
    g = data.draw(like(y))
    parts = claim(y=y, g=g, gamma=gamma, eps=0)
    slope, intercept = np.polyfit(y, parts["direct"], 1)
    line = -(parts["mean"] + parts["variance"])
    condition = (1 + np.abs(y).max() / spread(y)) ** 2
    size = len(y) ** 2 * condition * gamma * (1 + np.abs(g).sum()) / spread(y)
    assert rounded(line, slope * y + intercept, size)


@about(normalisation.paths)
@given(y=batches(), eps=small)
def test_a_gradient_equal_for_all_examples_goes_through_the_mean_alone(claim: Claim, y, eps):
    parts = claim(y=y, g=np.ones(len(y)), gamma=1, eps=eps)
    size = len(y) * (1 + np.abs(y).max() / spread(y)) / spread(y, eps)
    assert rounded(parts["mean"], -parts["direct"], size)
    assert rounded(parts["variance"], 0, size)


@about(normalisation.centring_gradient, normalisation.weight_gradient)
@given(layer=layers(), data=st.data(), shift=st.integers(-8, 8))
def test_a_vector_added_to_all_inputs_changes_nothing(claim: Claim, layer, data, shift):
    X, W = layer
    g = data.draw(like(X[0]))
    moved = X + shift * np.arange(1, len(W) + 1)[:, None]
    rest = {"g": g}
    size = len(g) * np.abs(moved).max() * (1 + np.abs(g).sum()) + 1
    if claim is normalisation.weight_gradient:
        rest |= {"W": W, "gamma": 1, "eps": 0}
        s = spread(X.T @ W)
        size *= len(g) * (1 + (np.abs(moved).T @ np.abs(W)).max() / s) / s
    assert rounded(claim(X=moved, **rest), claim(X=X, **rest), size)


@about(normalisation.centring_gradient)
@given(layer=layers(), data=st.data())
def test_held_statistics_would_change_it_by_the_mean_input(claim: Claim, layer, data):
    X, _ = layer
    g = data.draw(like(X[0]))
    direct = claim.twins["the mean held constant"](X=X, g=g)
    size = len(g) * (1 + np.abs(X).max()) * (1 + np.abs(g).sum())
    assert rounded(claim(X=X, g=g), direct - X.mean(axis=1) * g.sum(), size)


@about(normalisation.weight_gradient)
@given(layer=layers(), data=st.data(), eps=small, gamma=scales)
def test_it_is_the_chain_rule_and_orthogonal_to_the_weights(claim: Claim, layer, data, eps, gamma):
    X, W = layer
    y, g = X.T @ W, data.draw(like(X[0]))
    gradient = np.atleast_1d(claim(X=X, W=W, g=g, gamma=gamma, eps=eps))
    s = spread(y, eps)
    size = len(g) ** 2 * (1 + np.abs(X).max()) * gamma * (1 + np.abs(g).sum()) / s
    size *= 1 + (np.abs(X).T @ np.abs(W)).max() / spread(y)
    chained = X @ (gamma * normalisation.jacobian(y=y, eps=eps) @ g)
    assert rounded(gradient, chained, size)
    if eps == 0:
        assert rounded(gradient @ W, 0, size * (1 + np.abs(W).sum()))
