"""The tests' tests: each way of being close accepts what is right and refuses what is wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.evidence import Bounded, Distributed, Exact, Fitted, Rounded, Student, at

SHARE = 1e-8


def constant(value):
    """A closed form without parameters."""
    return lambda: value


def test_exact_wants_equality():
    piece = Exact(at(), 3)
    assert not piece.judge(constant(3), SHARE).refuted
    assert piece.judge(constant(4), SHARE).refuted
    assert piece.miss(constant(4), constant(3), SHARE) == 0


@given(st.floats(-1e6, 1e6), st.floats(1, 1e6))
def test_rounded_allows_for_rounding_and_nothing_else(value, magnitude):
    magnitude += abs(value)
    piece = Rounded(at(), value, magnitude)
    eps = np.finfo(float).eps
    assert not piece.judge(constant(value + 16 * eps * magnitude), SHARE).refuted
    assert piece.judge(constant(value + 1e-12 * magnitude), SHARE).refuted


def test_rounded_refuses_nan():
    assert Rounded(at(), np.nan, 1.0).judge(constant(1.0), SHARE).refuted
    assert Rounded(at(), 1.0, 1.0).judge(constant(np.nan), SHARE).refuted


def test_rounded_looks_at_the_worst_entry():
    judged = Rounded(at(), [1.0, 2.0, 3.0], 1.0).judge(constant(np.array([1.0, 2.5, 3.0])), SHARE)
    assert (judged.theory, judged.simulated, judged.refuted) == (2.5, 2.0, True)


@pytest.mark.parametrize("order", [0.5, 1, 2])
def test_fitted_knows_the_order_and_the_limit(order):
    sizes = np.array([10.0, 20, 40, 80, 160, 320])
    observed = 2 + 3 * sizes**-order + sizes ** -(order + 1.0)
    assert not Fitted(at(), observed, sizes, order).judge(constant(2.0), SHARE).refuted
    assert Fitted(at(), observed, sizes, order).judge(constant(2.1), SHARE).refuted
    for wrong in (2 * order, order + 0.5, order - 0.5):
        assert Fitted(at(), observed, sizes, wrong).judge(constant(2.0), SHARE).refuted


def test_bounded_refuses_violated_and_idle_bounds():
    observed = np.linspace(0, 1, 11)
    piece = Bounded(at(), observed, magnitude=1.0)
    assert not piece.judge(constant((0.0, 1.0)), SHARE).refuted
    assert not piece.judge(constant((None, 1.0)), SHARE).refuted
    assert piece.judge(constant((0.0, 0.95)), SHARE).refuted, "violated"
    assert piece.judge(constant((0.0, 2.0)), SHARE).refuted, "never approached"


def test_student_needs_draws():
    with pytest.raises(ValueError, match="needs 64 draws, got 10"):
        Student(at(), np.zeros(10))


def test_student_keeps_its_false_alarm_rate():
    """p-values of true statements are uniform (Kolmogorov-Smirnov at one in a million)."""
    rng = np.random.default_rng(0)
    p = [
        Student(at(), rng.normal(5, 2, size=64)).judge(constant(5.0), SHARE).p for _ in range(2000)
    ]
    assert stats.kstest(p, "uniform").pvalue > 1e-6


def test_student_knows_its_miss_rate():
    """The stated chance to miss a twin is the frequency of missing it (binomial, 1e-6)."""
    rng = np.random.default_rng(1)
    share, twin, truth, trials = 0.01, 5.7, 5.0, 4000
    pieces = [Student(at(), rng.normal(truth, 2, size=64)) for _ in range(trials)]
    missed = sum(not piece.judge(constant(twin), share).refuted for piece in pieces)
    sigma = 2 / 8
    stated = stats.nct.cdf(stats.t.isf(share / 2, 63), 63, (twin - truth) / sigma)
    assert stats.binomtest(missed, trials, stated).pvalue > 1e-6
    # half of the pieces say less than the one whose standard error is the median one
    median = sigma * (stats.chi2.median(63) / 63) ** 0.5
    typical = stats.nct.cdf(stats.t.isf(share / 2, 63), 63, (twin - truth) / median)
    said = [piece.miss(constant(twin), constant(truth), share) for piece in pieces[:200]]
    assert stats.binomtest(sum(each < typical for each in said), 200).pvalue > 1e-6


@pytest.mark.parametrize("distance", [1e2, 1e5, 1e300, np.inf])
def test_a_far_twin_is_never_missed(distance):
    piece = Student(at(), np.random.default_rng(2).normal(size=256))
    assert piece.miss(constant(distance), constant(0.0), SHARE) < 1e-6


def test_distributed_uses_the_exact_law():
    def law(form):
        return stats.chi2(form())

    piece = Distributed(law, 1000.0, draws=1000, law="chi^2")
    assert not piece.judge(constant(1000), SHARE).refuted
    assert piece.judge(constant(2000), SHARE).refuted
    assert piece.miss(constant(2000), constant(1000), SHARE) < 1e-6
    assert piece.miss(constant(1001), constant(1000), SHARE) > 0.99
    assert piece.judge(constant(-1), SHARE).refuted, "there is no such law"
    assert piece.miss(constant(-1), constant(1000), SHARE) == 0
