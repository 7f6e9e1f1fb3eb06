"""The invariances and their limits, for every layer."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.normalisation.draws import along, batch_norm
from tests.about import about
from tests.close import rounded
from tests.theory.normalisation.units import layers, scales, signs, small, spread, standard
from theory import normalisation
from theory.claim import Claim


def known(X, W):
    """How much rounding the outputs after a layer suffer."""
    terms = np.abs(X).T @ np.abs(W)
    return len(terms) * (1 + terms.max() / spread(X.T @ W))


@about(normalisation.weight_rescaling)
@given(layer=layers(), c=scales, sign=signs, eps=small)
def test_the_outputs_are_those_of_the_scaled_weights(claim: Claim, layer, c, sign, eps):
    X, W = layer
    found = claim(X=X, W=W, gamma=sign * c, eps=eps)
    assert rounded(found, standard(X.T @ (sign * c * W), eps), known(X, W))
    assert rounded(found, sign * claim(X=X, W=W, gamma=c, eps=eps), known(X, W))


@about(normalisation.weight_rescaling)
@given(layer=layers(), c=scales, eps=st.sampled_from([1e-8, 1e-5, 1e-2]))
def test_the_deviation_from_invariance_is_of_order_eps(claim: Claim, layer, c, eps):
    X, W = layer
    before, after = (claim(X=X, W=W, gamma=each, eps=eps) for each in (1, c))
    # |1/sqrt(1 + a) - 1/sqrt(1 + b)| <= |a - b|/2 for a, b >= 0
    change = abs(1 / c**2 - 1) * eps / np.var(X.T @ W) / 2
    allowed = change * np.sqrt(len(before)) + 1e-13 * known(X, W)
    assert np.all(np.abs(after - before) <= allowed)


@about(normalisation.input_invariance)
@given(layer=layers(), c=scales, sign=signs, eps=small, shift=st.integers(-8, 8))
def test_shift_and_common_scale_of_the_inputs(claim: Claim, layer, c, sign, eps, shift):
    X, W = layer
    mu = shift * np.cos(np.arange(len(W)))
    moved = sign * c * X + mu[:, None]
    found = claim(X=X, W=W, mu=mu, gamma=sign * c, eps=eps)
    assert rounded(found, standard(moved.T @ W, eps), known(X, W) + known(moved, W))
    weights = normalisation.weight_rescaling(X=X, W=W, gamma=sign * c, eps=eps)
    assert rounded(found, weights, known(X, W))


@about(normalisation.input_invariance)
def test_curvature_does_not_see_a_mean_that_rules_the_linear_neuron(claim: Claim):
    """The Hessian of a loss behind batch norm, with a mean of 100 added to all inputs and without;
    that of the linear neuron has an outlier of N m^2."""
    rng = np.random.default_rng(0)
    X, W, phases = rng.normal(size=(6, 12)), rng.normal(size=6), rng.normal(size=12)

    def loss(y):
        return np.sum(np.sin(phases + batch_norm(y)))

    def hessian(inputs):
        y = inputs.T @ W
        pairs = [[(a + b, a - b) for a in inputs] for b in inputs]
        return [
            [
                sum(s * along(loss, y, h, order=2) / 4 for s, h in zip((1, -1), pair, strict=True))
                for pair in row
            ]
            for row in pairs
        ]

    before, after = np.array(hessian(X)), np.array(hessian(X + 100))
    largest = np.abs(np.linalg.eigvalsh((before + before.T) / 2)).max()
    assert rounded(after, before, largest, condition=known(X + 100, W))
    linear = [np.linalg.eigvalsh(each @ each.T / 12)[-1] for each in (X, X + 100)]
    assert linear[0] < 10 and linear[1] > 5e4


@about(normalisation.feature_rescaling)
@given(layer=layers(), data=st.data())
def test_it_is_a_correlation_and_one_for_a_common_factor(claim: Claim, layer, data):
    X, W = layer
    factors = np.array(data.draw(st.lists(scales, min_size=len(W), max_size=len(W))))
    scaled = factors[:, None] * X
    assume(np.ptp(scaled.T @ W) > 0)
    found = claim(X=X, W=W, factors=factors)
    size = (known(X, W) + known(scaled, W)) ** 2
    assert rounded(found, np.corrcoef(scaled.T @ W, X.T @ W)[0, 1], size)
    assert abs(found) <= 1 + 1e-14 * size
    assert rounded(claim(X=X, W=W, factors=np.full(len(W), factors[0])), 1, known(X, W) ** 2)
    assert rounded(claim(X=X, W=W, factors=-factors), -found, size)


@about(normalisation.homogeneity)
@given(one=scales, other=scales)
def test_two_scalings_are_their_product(claim: Claim, one, other):
    both = claim(gamma=one * other)
    for name in ("gradient", "hessian"):
        product = claim(gamma=one)[name] * claim(gamma=other)[name]
        assert rounded(both[name], product, abs(product))


@about(normalisation.homogeneity)
@given(layer=layers(), c=scales, data=st.data())
def test_the_gradient_through_batch_norm_is_of_degree_minus_one(claim: Claim, layer, c, data):
    X, W = layer
    whole = st.lists(st.integers(-8, 8), min_size=X.shape[1], max_size=X.shape[1])
    g = np.array(data.draw(whole), float)
    rest = {"X": X, "g": g, "gamma": 1, "eps": 0}
    here = np.atleast_1d(normalisation.weight_gradient(W=W, **rest))
    there = np.atleast_1d(normalisation.weight_gradient(W=c * W, **rest))
    size = len(g) * known(X, W) * (1 + np.abs(X).max()) * (1 + np.abs(g).sum())
    size /= spread(X.T @ W)
    assert rounded(there, claim(gamma=c)["gradient"] * here, size / c)
