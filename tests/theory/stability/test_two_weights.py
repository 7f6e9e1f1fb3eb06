"""Two weights in a row: their imbalance, and the minima of flow and descent."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.stability.two_weights import descend, flow
from tests.about import about
from tests.close import below, rounded
from theory import stability
from theory.claim import Claim
from theory.domain import DomainError

ARRIVED = 1e-14
weights = st.floats(-2.5, 2.5)
rates = st.floats(0.01, 0.9)


@about(stability.imbalance)
@given(a=weights, b=weights, eta=rates)
def test_a_step_multiplies_the_imbalance(claim: Claim, a, b, eta):
    after = descend(a, b, eta, 1)
    value, size = claim(a=a, b=b, eta=eta), 16 * (1 + abs(a)) ** 4 * (1 + abs(b)) ** 4
    assert rounded(after[0] ** 2 - after[1] ** 2, value, size)
    assert rounded(claim(a=b, b=a, eta=eta), -value, size)
    assert rounded(claim(a=-a, b=-b, eta=eta), value, size)


@about(stability.imbalance)
def test_its_definition_moves_both_weights_at_once(claim: Claim):
    here = {"a": Fraction(3, 2), "b": Fraction(1, 2), "eta": Fraction(3, 10)}
    assert claim.definition.exact(None, **here) == claim.closed_form.exact(None, **here)


@about(stability.sharpness_of_flow)
@given(a=st.floats(0.3, 2), b=st.floats(0.3, 2), sign=st.sampled_from([-1, 1]))
def test_flow_ends_in_a_minimum_unless_the_sum_is_zero(claim: Claim, a, b, sign):
    b = sign * b
    assume(abs(a + b) > 0.1)
    x, y = flow(a, b)
    assert rounded(x * y, 1, 1e3)
    assert rounded(x * x + y * y, claim(a=a, b=b), 1e3 * (a * a + b * b))
    x, y = flow(a, -a)
    assert x == -y
    assert rounded(x, 0, 1, 1e3)
    with pytest.raises(DomainError, match="saddle"):
        claim(a=a, b=-a)


@about(stability.sharpness_of_flow)
@given(a=weights, b=weights)
def test_it_is_the_curvature_of_the_minimum_of_that_imbalance(claim: Claim, a, b):
    assume(a + b != 0)
    value = claim(a=a, b=b)
    kept = a * a - b * b
    u = np.sqrt((kept + np.sqrt(kept**2 + 4)) / 2)  # the minimum (u, 1/u)
    H = np.array([[1 / u**2, 1], [1, u**2]])
    assert rounded(np.linalg.eigvalsh(H)[-1], value, 16 * (value + 1 / u**2 + u**2))
    assert rounded(claim(a=b, b=a), value, 4 * value)
    assert value >= 2


@about(stability.sharpness_found)
@given(a=st.floats(0.3, 2.5), b=st.floats(0.3, 2.5), eta=st.floats(0.02, 0.6))
def test_where_descent_arrives_it_is_stable_and_no_sharper_than_flow(claim: Claim, a, b, eta):
    x, y, swing = a, b, 0.0
    for _ in range(5000):
        swing = max(swing, eta * abs(x * y - 1))
        assume(swing <= np.sqrt(2))
        x, y = descend(x, y, eta, 1)
    assume(abs(x * y - 1) < ARRIVED)
    bounds = claim(a=a, b=b, eta=eta)
    size = a * a + b * b + 2
    assert below(bounds["lower"], x * x + y * y, size)
    assert below(x * x + y * y, bounds["upper"], size)
