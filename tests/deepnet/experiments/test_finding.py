"""From measurements over seeds to a verdict."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom, norm, ttest_1samp

from deepnet.experiments.finding import LEVEL, LINKS, finding
from tests.close import rounded

SMALL = st.floats(-100, 100)
SEVERAL = st.lists(SMALL, min_size=2, max_size=8)
LINKED = st.sampled_from(sorted(LINKS))
NAN = float("nan")


def in_domain(link, values):
    """Values of the measure from numbers on the link's scale."""
    return [float(LINKS[link][1](value / 20)) for value in values]


@given(SEVERAL)
def test_the_interval_is_students(values):
    assume(np.ptp(values) > 1e-3)
    found = finding(values, [], None)
    expected = ttest_1samp(values, 0).confidence_interval(LEVEL)
    assert rounded(found.measured, np.mean(values), size=100)
    assert rounded(found.interval, (expected.low, expected.high), size=1e4)
    assert found.verdict == "reported"
    assert found.null is found.effect is found.inside is None


@given(SEVERAL, LINKED)
def test_a_quotient_is_averaged_as_a_logarithm_and_a_share_as_log_odds(values, link):
    found = finding(in_domain(link, values), [], None, link)
    expected = {
        "identity": np.mean(values) / 20,
        "log": np.exp(np.mean(values) / 20),
        "logit": 1 / (1 + np.exp(-np.mean(values) / 20)),
    }[link]
    assert rounded(found.measured, expected, size=200)


@given(SEVERAL, SMALL, LINKED)
def test_the_effect_is_a_difference_a_quotient_or_a_quotient_of_odds(values, null, link):
    measured, nulls = in_domain(link, values), in_domain(link, [null])
    found = finding(measured, nulls, (-math.inf, math.inf), link)
    if link == "identity":
        expected = found.measured - nulls[0]
    elif link == "log":
        expected = found.measured / nulls[0]
    else:
        expected = (found.measured / (1 - found.measured)) / (nulls[0] / (1 - nulls[0]))
    assert rounded(found.effect, expected, size=1e6)


@pytest.mark.parametrize(
    ("values", "nulls", "verdict"),
    [
        ([0.4, 0.5, 0.6], [3.0], "agrees"),
        ([2.4, 2.5, 2.6], [3.0], "refuted"),
        ([0.8, 0.9, 1.0], [3.0], "unresolved"),  # the interval leaves the band
        ([0.5], [3.0], "unresolved"),  # one run has no interval
        ([0.4, 0.5, 0.6], [0.5], "uninformative"),
        ([2.4, 2.5, 2.6], [0.5], "uninformative"),
        ([0.4, 0.5, NAN], [3.0], "unresolved"),
        ([NAN, NAN], [3.0, 3.0], "unresolved"),
        ([0.4, 0.5, 0.6], [NAN], "unresolved"),  # the null has nothing to compare
        ([1.0, 1.0], [3.0], "agrees"),
        ([math.inf, math.inf], [0.5, 3.0], "refuted"),
        ([math.inf, 0.5], [3.0], "unresolved"),
    ],
)
def test_verdicts(values, nulls, verdict):
    assert finding(values, nulls, (0, 1)).verdict == verdict


@pytest.mark.parametrize(
    ("values", "verdict"),
    [([0.5], "agrees"), ([0.5, 0.9], "agrees"), ([0.5, 1.1], "refuted"), ([NAN], "unresolved")],
)
def test_an_exact_observation_holds_in_every_run(values, verdict):
    assert finding(values, [3.0] * len(values), (0, 1)).exact((0, 1)).verdict == verdict


def test_only_an_exact_observation_agrees_with_a_band_of_one_number():
    found = finding([5.0] * 3, [4.0], (5, 5))
    assert found.verdict == "unresolved"
    assert found.exact((5, 5)).verdict == "agrees"
    assert finding([5.0, 5.0, 4.0], [4.0], (5, 5)).verdict == "unresolved"
    assert finding([4.0] * 3, [3.0], (5, 5)).verdict == "refuted"


def test_an_exact_observation_needs_a_null_outside():
    assert finding([0.5], [0.5], (0, 1)).exact((0, 1)).verdict == "uninformative"


def test_an_interval_ends_where_the_measure_ends():
    shares = [0.96, 1.0, 0.9]
    assert finding(shares, [0.2], (0.5, 1)).verdict == "unresolved"
    bounded = finding(shares, [0.2], (0.5, 1), bounds=(0, 1))
    assert bounded.verdict == "agrees"
    assert bounded.interval[1] == 1
    assert finding([0.5, 0.6, 0.4], [2.0], (0.9, 1), bounds=(0, 1)).verdict == "refuted"


def test_at_an_end_of_the_scale_the_mean_is_arithmetic():
    found = finding([1.0, 0.5, 0.9], [0.0, 0.9, 0.6], (0.4, 1), "logit", (0, 1))
    expected = ttest_1samp([1.0, 0.5, 0.9], 0).confidence_interval(LEVEL)
    assert rounded((found.measured, found.null), (0.8, 0.5))
    assert rounded(found.interval, (expected.low, 1))
    assert found.verdict == "uninformative"  # two of three nulls lie in the band
    assert rounded(finding([0.0, 0.5], [], None, "log").measured, 0.25)


@pytest.mark.parametrize("link", sorted(LINKS))
def test_infinities_of_both_signs_have_no_mean(link):
    found = finding([math.inf, -math.inf], [3.0], (0, 1), link)
    assert found.measured is found.interval is found.effect is None
    assert found.verdict == "unresolved"


def test_a_quotient_that_is_infinite_once_has_no_interval():
    found = finding([math.inf, 2.0], [1.0], (1.5, math.inf), "log")
    assert (found.measured, found.interval, found.verdict) == (math.inf, None, "unresolved")


def test_equal_runs_of_a_measure_with_bounds_have_the_interval_of_what_may_be_unseen():
    three, ten = (finding([4.0] * runs, [0.0], (2, 5), bounds=(0, 5)) for runs in (3, 10))
    for found, runs in ((three, 3), (ten, 10)):
        unseen = 1 - (1 - LEVEL) ** (1 / runs)
        assert rounded(found.interval, (4 - unseen * 4, 4 + unseen), size=5)
    assert (three.verdict, ten.verdict) == ("unresolved", "agrees")
    assert finding([4.0] * 3, [0.0], (2, 5)).interval == (4, 4)
    assert finding([0.0] * 9, [1.0], (0, 0), bounds=(0, 1)).verdict == "unresolved"
    assert finding([math.inf] * 3, [1.0], (2, 9), bounds=(0, math.inf)).verdict == "refuted"


@given(st.integers(2, 60), st.floats(0.01, 0.99))
def test_equal_runs_do_not_hide_a_share_of_seeds_that_differ(runs, differing):
    """At two values the interval leaves out the mean only where equal runs are this rare."""
    found = finding([1.0] * runs, [], None, bounds=(0, 1))
    assert (found.interval[0] <= 1 - differing) or (1 - differing) ** runs < (1 - LEVEL) * 1.000001


@given(SEVERAL, SEVERAL, st.tuples(SMALL, SMALL), LINKED)
def test_agrees_and_refuted_exclude_each_other_and_need_a_null_outside(values, nulls, ends, link):
    band = tuple(sorted(in_domain(link, ends)))
    found = finding(in_domain(link, values), in_domain(link, nulls), band, link)
    if found.verdict == "agrees":
        assert band[0] <= found.interval[0] <= found.interval[1] <= band[1]
    if found.verdict == "refuted":
        assert found.inside < 1
    assert (found.verdict == "uninformative") == (band[0] <= found.null <= band[1])


def test_more_seeds_do_not_make_agreement_less_likely():
    """The mean lies one standard deviation inside the band. Draws are independent between sizes."""
    rng, draws = np.random.default_rng(5), 1000
    share = []
    for seeds in (2, 3, 5, 10, 20):
        runs = rng.normal(0.0, 1.0, (draws, seeds))
        found = [finding(run, [-9.0], (-1.0, math.inf)).verdict for run in runs]
        share.append(found.count("agrees") / draws)
    error = norm.isf(1e-6) * math.sqrt(0.5 / draws)  # of a difference of two shares, at most
    assert all(later > earlier - error for earlier, later in pairwise(share))
    assert share[-1] > 0.9 > 0.2 > share[0]


def test_more_seeds_do_not_make_agreement_of_shares_less_likely_though_some_are_1():
    """The mean share, 0.95, lies in the band. About a seventh of the runs are at the end, 1."""
    rng, draws = np.random.default_rng(7), 500
    share = []
    for seeds in (3, 6, 20):
        runs = rng.binomial(64, rng.beta(30, 1.5, (draws, seeds))) / 64
        found = [finding(run, [0.1], (0.8, 1), "logit").verdict for run in runs]
        share.append(found.count("agrees") / draws)
    error = norm.isf(1e-6) * math.sqrt(0.5 / draws)
    assert all(later > earlier - error for earlier, later in pairwise(share))
    assert share[-1] > 0.9


def test_a_mean_at_the_end_of_the_band_agrees_by_chance_in_a_fortieth():
    """Half of what an interval leaves out lies on the side of the band."""
    rng, draws = np.random.default_rng(6), 1000
    for seeds in (2, 3, 6):
        runs = rng.normal(0.0, 1.0, (draws, seeds))
        agreeing = sum(finding(run, [9.0], (-math.inf, 0.0)).verdict == "agrees" for run in runs)
        low, high = binom.ppf([1e-6, 1 - 1e-6], draws, (1 - LEVEL) / 2)
        assert low <= agreeing <= high
