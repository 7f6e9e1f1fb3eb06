"""The valley with bumps and without, for every shape."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.smoothness.valley import first_top, has_trap, leaves, slope
from tests.about import about
from tests.close import below, rounded
from theory import smoothness
from theory.claim import Claim

lams, heights, freqs = st.floats(0.2, 4), st.floats(0.1, 2), st.floats(0.5, 8)


def descend(x, lam, height, freq, rate, steps):
    for _ in range(steps):
        x = x - rate * slope(x, lam, height, freq)
    return x


@about(smoothness.trap)
@given(lam=lams, height=heights, freq=freqs)
def test_a_trap_is_found_exactly_where_it_is_claimed(claim: Claim, lam, height, freq):
    roughness = height * freq**2 / lam
    assume(abs(roughness - 4.6033388) > 1e-3)
    assert claim(lam=lam, height=height, freq=freq) == has_trap(lam, height, freq)
    assert claim(lam=lam, height=height, freq=freq) == (roughness > 4.6033388)


@about(smoothness.trap)
@given(lam=lams, freq=freqs, ratio=st.floats(0.1, 8).filter(lambda r: abs(r - 4.6033388) > 0.3))
def test_at_a_small_rate_a_ball_stops_in_it_and_only_there(claim: Claim, lam, freq, ratio):
    height = ratio * lam / freq**2
    rate = 0.5 / (lam + height * freq**2)  # below all curvatures: descent never jumps
    start = 1.2 * height * freq / lam + 6 / freq
    end = descend(start, lam, height, freq, rate, 4000)
    assert (abs(end) * freq > 1e-3) == bool(claim(lam=lam, height=height, freq=freq))


@about(smoothness.largest_rate_in_a_bump)
@given(lam=lams, height=heights, freq=freqs)
def test_below_it_the_ball_rests_and_above_it_swings(claim: Claim, lam, height, freq):
    assume(height * freq**2 > 0.1 * lam)  # else the whole valley soon allows no rate above it
    rates, start = claim(lam=lam, height=height, freq=freq), 1e-6 / freq
    assert abs(descend(start, lam, height, freq, 0.98 * rates["rests"], 50)) < start
    above = [descend(start, lam, height, freq, 1.02 * rates["rests"], n) for n in (2000, 2001)]
    assert above[0] * above[1] < 0
    assert rounded(above[0], -above[1], 64 * abs(above[0]))
    assert start < abs(above[0]) < np.pi / freq
    assert rates["rests"] < min(2 / lam, rates["leaves"])


@about(smoothness.largest_rate_in_a_bump)
@given(lam=lams, freq=freqs, ratio=st.floats(4.7, 60), place=st.floats(-0.99, 0.99))
def test_above_the_other_rate_it_leaves_and_not_before(claim: Claim, lam, freq, ratio, place):
    valley = {"lam": lam, "height": ratio * lam / freq**2, "freq": freq}
    rate = claim(**valley)["leaves"]
    assert not leaves(0.9999 * rate, 3000, **valley)
    assert leaves(1.001 * rate, 3000, **valley)
    assert rate < 2 / lam
    top = first_top(**valley)
    assert abs(descend(place * top, **valley, rate=0.9999 * rate, steps=1)) < top


@about(smoothness.largest_rate_in_a_bump)
@given(lam=lams, freq=freqs, ratio=st.floats(0.1, 4.6))
def test_without_a_top_nothing_is_left(claim: Claim, lam, freq, ratio):
    height = ratio * lam / freq**2
    assert claim(lam=lam, height=height, freq=freq)["leaves"] == np.inf
    assert abs(descend(1 / freq, lam, height, freq, 1.5 / lam, 500)) <= 3 * (1 + ratio) / freq


@about(smoothness.smoothed_valley)
@given(lam=lams, height=heights, freq=freqs, x=st.floats(-3, 3), periods=st.integers(1, 4))
def test_over_whole_bumps_nothing_of_them_is_left(claim: Claim, lam, height, freq, x, periods):
    window = periods * np.pi / freq
    value = claim(lam=lam, height=height, freq=freq, x=x, window=window)
    size = lam * (abs(x) + window) ** 2 + 8 * height * periods
    assert rounded(value, lam * (x**2 / 2 + window**2 / 6) + height, size)
    narrow = claim(lam=lam, height=height, freq=freq, x=x, window=1e-6)
    bare = lam * x**2 / 2 + height * (1 - np.cos(freq * x))
    assert below(abs(narrow - bare), 1e-12 * (lam + height * freq**2), size * (1 + freq))
