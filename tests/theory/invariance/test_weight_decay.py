"""Equilibria under weight decay: fixed points of recursions run step by step."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import discretised, rounded
from theory import invariance
from theory.claim import Claim

LITTLE = 1e-9  # momentum
products = st.floats(0.01, 0.9)
moderate = st.floats(0.01, 0.5)  # near 1 the length swings for long
rates = st.floats(0.05, 2)
slopes = st.floats(0.2, 3)
momenta = st.floats(0.01, 0.9)


def after(square, eta, decay, G):
    """|W|^2 after a step."""
    return (1 - eta * decay) ** 2 * square + (eta * G) ** 2 / square


@about(invariance.equilibrium)
@given(product=moderate, eta=rates, G=slopes, start=st.floats(0.01, 100))
def test_every_start_ends_there(claim: Claim, product, eta, G, start):
    decay, square = product / eta, start
    closed = claim(eta=eta, decay=decay, G=G)
    for _ in range(int(12 / product) + 60):
        square = after(square, eta, decay, G)
    assert rounded(closed["squared norm"], square, square / product)
    assert rounded(closed["rate"], eta / square, eta / square / product)


@about(invariance.equilibrium)
@given(product=products, eta=rates, G=slopes, start=st.floats(0.01, 100))
def test_the_ratio_to_it_comes_nearer_to_one_at_every_step(claim: Claim, product, eta, G, start):
    decay = product / eta
    balance = claim(eta=eta, decay=decay, G=G)["squared norm"]
    then = after(start, eta, decay, G)
    if abs(np.log(start / balance)) > 1e-6:
        assert abs(np.log(then / balance)) < abs(np.log(start / balance))


@about(invariance.equilibrium_angle)
@given(product=products, eta=rates, G=slopes)
def test_the_angle_depends_on_the_product_alone(claim: Claim, product, eta, G):
    decay = product / eta
    angle = claim(eta=eta, decay=decay)
    rate = invariance.equilibrium(eta=eta, decay=decay, G=G)["rate"]
    # with decay, a step keeps 1 - eta decay of the weights: the tangent is e G over that
    assert rounded(np.tan(angle) * (1 - product), rate * G, 8 / (1 - product))
    assert rounded(angle, claim(eta=2 * eta, decay=decay / 2), 8 / product)


@about(invariance.relaxation)
@given(product=products, eta=rates, G=slopes)
def test_it_is_the_slope_of_the_recursion(claim: Claim, product, eta, G):
    decay = product / eta
    square = invariance.equilibrium(eta=eta, decay=decay, G=G)["squared norm"]
    tiny = 1e-30
    slope = after(square * (1 + 1j * tiny), eta, decay, G).imag / (square * tiny)
    assert rounded(claim(eta=eta, decay=decay), slope, 8 / product)
    assert -1 < slope < 1


@about(invariance.equilibrium_with_momentum)
@given(product=products, eta=rates, beta=momenta, G=slopes)
def test_it_solves_the_three_stationary_equations(claim: Claim, product, eta, beta, G):
    decay = product / eta
    closed = claim(eta=eta, beta=beta, decay=decay, G=G)
    A = closed["squared norm"]  # where |W|^2 does not fluctuate
    moved = (1 - closed["cosine"]) * A / eta  # W'v_new
    cross = (moved - decay * A) / beta
    square = 2 * moved / eta
    size = A * (1 + decay) ** 2 / eta * max(1, 1 / eta) / beta
    assert rounded(cross, moved - eta * square, size)
    fresh = beta**2 * square + G**2 / A + decay**2 * A + 2 * beta * decay * cross
    assert rounded(fresh, square, 8 * size)


@about(invariance.equilibrium_with_momentum)
@given(product=products, eta=rates, G=slopes)
def test_little_momentum_is_none(claim: Claim, product, eta, G):
    decay = product / eta
    closed = claim(eta=eta, beta=LITTLE, decay=decay, G=G)
    plain = invariance.equilibrium(eta=eta, decay=decay, G=G)["squared norm"]
    # the first orders in beta are at most beta/2 and beta
    assert discretised(closed["squared norm"] / plain, 1, LITTLE)
    angle = invariance.equilibrium_angle(eta=eta, decay=decay)
    slope = product**-0.5  # at least that of arccos
    assert discretised(np.arccos(closed["cosine"]), angle, 2 * LITTLE, 1, condition=slope)
