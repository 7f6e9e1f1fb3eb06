"""Internal covariate shift, for every net."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.smoothness.shift import (
    covariate_shift_of,
    gradient,
    linear_net,
    problem,
    size_of_terms,
)
from tests.about import about
from tests.close import below, discretised, rounded
from tests.theory.smoothness.batches import generators
from theory import smoothness
from theory.claim import Claim

shapes = st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 3))
DEPTH = 3


def tanh_net(rng):
    """The squared loss of a net of three tanh layers on four examples, and its weights."""
    X, Y = rng.normal(size=(2, 4)), rng.normal(size=4)
    weights = [rng.normal(size=(3, 2)), rng.normal(size=(3, 3)), rng.normal(size=(1, 3))]

    def net(layers):
        outputs = X
        for layer in layers:
            outputs = np.tanh(layer @ outputs)
        return sum((outputs[0] - Y) ** 2) / 8

    return net, weights


@about(smoothness.covariate_shift)
@given(rng=generators(), rate=st.floats(0, 2))
def test_the_first_layer_of_any_net_has_none_at_any_rate(claim: Claim, rng, rate):
    net, weights = tanh_net(rng)
    assert not covariate_shift_of(net, weights, 0, rate).any()
    for layer in range(DEPTH):
        assert not covariate_shift_of(net, weights, layer, 0.0).any()


@about(smoothness.covariate_shift)
@given(rng=generators(), shape=shapes, rate=st.floats(0, 1))
def test_turning_inputs_and_units_does_not_change_it(claim: Claim, rng, shape, rate):
    X, Y, (under, over) = problem(rng, *shape)
    N, _, n = shape
    inputs, units = (np.linalg.qr(rng.normal(size=(k, k)))[0] for k in (N, n))
    found = claim(X=X, Y=Y, W_below=under, W_above=over, eta=rate)
    turned = claim(
        X=inputs @ X, Y=Y, W_below=units @ under @ inputs.T, W_above=units @ over, eta=rate
    )
    size = 64 * (N * n) ** 2 * size_of_terms(X, Y, [under, over], rate)
    assert rounded(found["second layer"], turned["second layer"], size)
    assert found["first layer"] == 0


@about(smoothness.covariate_shift_rate)
@given(rng=generators(), shape=shapes)
def test_it_is_the_slope_at_rate_zero(claim: Claim, rng, shape):
    X, Y, (under, over) = problem(rng, *shape)
    values = {"X": X, "Y": Y, "W_below": under, "W_above": over}
    slope, size = claim(**values), 64 * np.prod(shape) * size_of_terms(X, Y, [under, over], 1)
    rate = 2.0**-40
    exact = smoothness.covariate_shift(**values, eta=rate)["second layer"] / rate
    assert discretised(exact, slope, rate * size**2, size)


@about(smoothness.covariate_shift_rate)
@given(rng=generators())
def test_in_a_tanh_net_it_is_of_the_order_of_the_rate_too(claim: Claim, rng):
    net, weights = tanh_net(rng)
    for layer in range(1, DEPTH):
        shifts = [np.linalg.norm(covariate_shift_of(net, weights, layer, e)) for e in (1e-5, 2e-5)]
        scale = 1 + sum(np.linalg.norm(gradient(net, weights, k)) for k in range(DEPTH))
        assert below(abs(shifts[1] - 2 * shifts[0]), 1e-7 * scale * 100, 1)


@about(smoothness.one_layer)
@given(
    lam=st.floats(0.1, 3), height=st.floats(0.1, 2), freq=st.floats(0.5, 8), rate=st.floats(0, 1)
)
def test_however_rough_one_layer_has_no_shift(claim: Claim, lam, height, freq, rate):
    found = claim(lam=lam, height=height, freq=freq, eta=rate)
    assert found["covariate shift"] == 0
    places = np.linspace(-9, 9, 2001)
    bends = lam + height * freq**2 * np.cos(freq * places)
    assert below(abs(bends).max(), found["roughness"], found["roughness"])


@about(smoothness.covariate_shift)
def test_the_net_of_the_check_is_the_mean_squared_error(claim: Claim):
    net = linear_net(np.array([[1.0, 2.0]]), np.array([0.0, 1.0]))
    assert net([np.array([[2.0]]), np.array([0.5])]) == (1**2 + 1**2) / 4
