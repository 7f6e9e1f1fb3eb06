"""Growth of the weights at a constant gradient: exact recursions."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, discretised, rounded
from theory import invariance
from theory.claim import Claim

rates = st.floats(0.01, 1)
lengths = st.floats(0.3, 3)
slopes = st.floats(0.2, 3)
fractions = st.fractions(Fraction(1, 8), Fraction(3), max_denominator=8)


@about(invariance.norm_growth)
@settings(max_examples=25)
@given(norm=fractions, eta=fractions, G=fractions, k=st.integers(1, 6))
def test_bounds_hold_in_exact_arithmetic(claim: Claim, norm, eta, G, k):
    values = {"norm": norm, "eta": eta, "G": G, "k": k}
    bounds, square = claim.closed_form.exact(30, **values), claim.definition.exact(30, **values)
    assert bounds["lower"] < square
    assert square <= bounds["upper"] * (1 + Fraction(1, 10**25))


@about(invariance.norm_growth, invariance.hidden_schedule)
@given(norm=lengths, eta=rates, G=slopes, k=st.integers(1, 300))
def test_bounds_hold_along_the_recursion(claim: Claim, norm, eta, G, k):
    square = norm**2
    for _ in range(k):
        square += (eta * G) ** 2 / square
    found = square if claim is invariance.norm_growth else eta / square
    bounds = claim(norm=norm, eta=eta, G=G, k=k)
    assert below(bounds["lower"], found, k * found)
    assert below(found, bounds["upper"], k * found)


@about(invariance.norm_growth, invariance.norm_growth_correction)
@given(norm=lengths, eta=rates, G=slopes, k=st.integers(1, 100), scale=st.floats(0.2, 5))
def test_units_of_length_drop_out(claim: Claim, norm, eta, G, k, scale):
    here = claim(norm=norm, eta=eta, G=G, k=k)
    there = claim(norm=scale * norm, eta=scale**2 * eta, G=G, k=k)
    if claim is invariance.norm_growth:
        here, there = here["lower"], there["lower"] / scale**2
    else:
        there = there / scale**4
    assert rounded(there, here, 8 * (here + (eta * G) ** 2 * k))


@about(invariance.hidden_schedule)
@given(norm=lengths, eta=rates, G=slopes, k=st.integers(1, 1000))
def test_the_schedule_is_the_rate_over_the_length(claim: Claim, norm, eta, G, k):
    schedule = claim(norm=norm, eta=eta, G=G, k=k)
    growth = invariance.norm_growth(norm=norm, eta=eta, G=G, k=k)
    assert rounded(schedule["upper"], eta / growth["lower"], 8 * schedule["upper"])
    assert rounded(schedule["lower"], eta / growth["upper"], 8 * schedule["lower"])


@about(invariance.forgetting)
@given(norm=st.floats(0.5, 1.5), eta=st.floats(0.2, 3), G=slopes)
def test_the_schedule_ends_there(claim: Claim, norm, eta, G):
    k = 10**10
    late = invariance.hidden_schedule(norm=norm, eta=eta, G=G, k=k)["upper"]
    closed = claim(norm=norm, eta=eta, G=G)
    k_0 = norm**4 / (2 * eta**2 * G**2)
    assert discretised(late * np.sqrt(k) / closed, 1, k_0 / k)


@about(invariance.norm_growth_correction)
@given(norm=lengths, eta=st.floats(0.001, 0.02), G=slopes, k=st.integers(1, 200))
def test_it_lies_between_the_bounds(claim: Claim, norm, eta, G, k):
    bounds = invariance.norm_growth(norm=norm, eta=eta, G=G, k=k)
    closed = claim(norm=norm, eta=eta, G=G, k=k)
    excess = bounds["upper"] ** 2 - bounds["lower"] ** 2
    size = bounds["upper"] ** 2
    # the upper bound's logarithm is a step late, which its first term makes up for
    assert below(closed, excess, size)
    assert below(excess - (eta * G) ** 4 / norm**4, closed, size)


@about(invariance.gradient_flow)
@given(norm=lengths, G=slopes, t=st.floats(0.1, 4))
def test_the_growth_over_small_rates_approaches_it(claim: Claim, norm, G, t):
    closed, k = claim(norm=norm, G=G, t=t), 10**7
    bounds = invariance.norm_growth(norm=norm, eta=t / k, G=G, k=k)
    for side in ("lower", "upper"):
        grown = (bounds[side] - norm**2) / (t / k)
        lost = 64 * np.finfo(float).eps * norm**2 * k / t
        assert abs(grown - closed) <= (t * G**2) ** 2 / norm**6 * t / k + lost
