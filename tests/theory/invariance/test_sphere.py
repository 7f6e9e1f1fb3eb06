"""One step on the sphere, for every loss, rate and length."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.theory.invariance.descents import descend, quotients
from theory import invariance
from theory.claim import Claim

rates = st.floats(0.01, 5)
lengths = st.floats(0.2, 4)
slopes = st.floats(0.1, 4)


@about(invariance.step_on_sphere)
@given(problem=quotients(), eta=rates)
def test_it_is_where_descent_on_a_rayleigh_quotient_goes(claim: Claim, problem, eta):
    after = descend(problem, eta, 1)[0][1]
    size = (problem.norm + eta * problem.size / problem.norm) / np.linalg.norm(after)
    direction = claim(**problem.values, eta=eta)
    assert rounded(direction, after / np.linalg.norm(after), size)
    assert rounded(direction @ direction, 1, 1 + size)


@about(invariance.step_on_sphere)
@given(problem=quotients(), eta=rates, factor=st.floats(0.2, 5))
def test_rate_and_squared_length_trade_against_each_other(claim: Claim, problem, eta, factor):
    values = problem.values
    scaled = values | {"norm": factor * values["norm"]}
    size = 1 + eta * problem.size / problem.norm**2
    assert rounded(claim(**scaled, eta=factor**2 * eta), claim(**values, eta=eta), size)


@about(invariance.effective_rate)
@given(problem=quotients(), eta=rates)
def test_the_angle_is_the_one_measured(claim: Claim, problem, eta):
    before, after = descend(problem, eta, 1)[0]
    G = float(np.linalg.norm(problem.gradient(problem.u)))
    if problem.size > 1e3 * G:
        return
    closed = claim(eta=eta, norm=problem.norm, G=G)
    cosine = before @ after / np.linalg.norm(before) / np.linalg.norm(after)
    size = problem.size / G * (1 + eta * G / problem.norm**2)
    assert rounded(np.cos(closed["angle"]), cosine, size)
    tangent = np.linalg.norm(after - before) / problem.norm
    assert rounded(closed["rate"] * G, tangent, size * (1 + tangent))


@about(invariance.effective_rate)
@given(eta=rates, norm=lengths, G=slopes)
def test_longer_weights_turn_less(claim: Claim, eta, norm, G):
    short, long = (claim(eta=eta, norm=scale * norm, G=G) for scale in (1, 2))
    assert 0 < long["angle"] < short["angle"] < np.pi / 2
    assert rounded(long["rate"], short["rate"] / 4, short["rate"])


@about(invariance.first_order_error)
@given(eta=rates, norm=lengths, G=slopes)
def test_the_error_lies_between_its_bounds(claim: Claim, eta, norm, G):
    bounds, reach = claim(eta=eta, norm=norm, G=G), eta * G / norm**2
    step, size = np.array([1, -reach]), np.hypot(1, reach)
    error = np.linalg.norm(step - step / size)
    assert below(bounds["lower"], error, 1 + abs(bounds["lower"]))
    assert below(error, bounds["upper"], 1 + bounds["upper"])


@about(invariance.unit_norm)
@given(eta=rates, G=slopes)
def test_it_is_a_step_from_unit_weights(claim: Claim, eta, G):
    closed, step = claim(eta=eta, G=G), invariance.effective_rate(eta=eta, norm=1, G=G)
    assert closed["rate"] == step["rate"]
    assert closed["angle"] == step["angle"]
    size = 1 + (eta * G) ** 2
    assert rounded(closed["length"] * np.cos(closed["angle"]), 1, size)
    assert rounded(closed["length"] * np.sin(closed["angle"]), eta * G, size)


@about(invariance.auto_tuning)
@given(eta=st.floats(1e-3, 1e3), norm=lengths, G=slopes)
def test_no_rate_exceeds_the_bound_twice(claim: Claim, eta, norm, G):
    upper = claim(eta=eta, norm=norm, G=G)["upper"]
    after = eta / (norm**2 + (eta * G / norm) ** 2)
    assert below(after, upper, upper)
    best = norm**2 / G
    assert rounded(best / (norm**2 + (best * G / norm) ** 2), upper, upper)
