"""How often the probes' interval of 95 per cent contains the truth, by exact binomial bounds.

The matrices are diagonal: the law of a probe is the same in every orthonormal basis.
"""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import aslinearoperator
from scipy.stats import binom, norm, t

from deepnet.curvature import quadrature
from deepnet.curvature.interval import interval, shares
from tests.close import ULPS, rounded
from tests.deepnet.tiny import EPS

PROBES, CLAIMED, FALSE_ALARM = 10, 0.95, 1e-6
N = 200
#: Of the third moment about the mean, in units of the spread.
CONDITION = 1e3


def bulk(rows):
    """Squares of equal steps have a singularity at 0 and an edge, as a Wishart matrix has."""
    return np.linspace(0, 1, rows) ** 2 * 3


BULK = bulk(N)
QUANTITIES = ("trace", "sizes", "squares", "small bin", "large bin", "density", "at the edge")
#: A spectrum, the number of steps, the edge above which the small bin begins, and how many of the
#: quantities so few steps integrate exactly. After three steps no outlier is known exactly.
SPECTRA = {
    "bulk": (BULK, 40, 2.9, 7),
    "outlier": (np.append(BULK[1:], 30), 3, 15, 5),
    "outlier, known": (np.append(BULK[1:], 30), 12, 15, 7),
    "outlier near the bulk": (np.append(BULK[1:], 4.5), 12, 4.0, 7),
    "threefold outlier": (np.append(BULK[3:], [30] * 3), 3, 15, 5),
    "threefold outlier, known": (np.append(BULK[3:], [30] * 3), 12, 15, 7),
    "few values": (np.repeat([0.0, 1.0, 3.0, 9.0], [120, 60, 15, 5]), 8, 5, 7),
    "outlier of 400 rows, known": (np.append(bulk(400)[1:], 30), 12, 15, 7),
    "outlier of 600 rows": (np.append(bulk(600)[1:], 30), 3, 15, 5),
    "signed": (np.concatenate([-1 - BULK[::2], 1 + BULK[1::2], [-25, 40]]), 16, 20, 7),
}


def quantities(edge, exact, values):
    """What is estimated, (values, exact). The kernels are wide, so that few steps are enough."""
    high = values > edge
    kernels = [norm.pdf(values, place, 1.0) for place in (1.0, 2.8)]
    columns = [values, np.abs(values), values**2, high, ~high, *kernels]
    return np.stack(columns[:exact], axis=1)


def covered(name, draws, seed=0):
    """Whether the interval and two standard errors of all nodes contain the truth, and lengths.

    Each is (draws, quantities). The lengths are the interval's, over those of Student's law.
    """
    values, steps, edge, exact = SPECTRA[name]
    f = partial(quantities, edge, exact)
    truth, operator = f(values).mean(0), aslinearoperator(np.diag(values))
    student = t.isf((1 - CLAIMED) / 2, PROBES - 1)
    inside, before, lengths = [], [], []
    for stream in np.random.default_rng(seed).spawn(draws):
        rules = quadrature(operator, stream, PROBES, steps)
        found, raw = rules.estimates(f), rules.rule.integrals(f)
        stderr = raw.std(0, ddof=1) / PROBES**0.5
        slack = ULPS * len(values) * EPS * np.abs(f(values)).max(0)  # where both ends are the truth
        inside.append((found["low"] - slack <= truth) & (truth <= found["high"] + slack))
        before.append(np.abs(raw.mean(0) - truth) <= 2 * stderr)
        lengths.append((found["high"] - found["low"]) / (2 * student * stderr))
    return np.array(inside), np.array(before), np.array(lengths)


def fewest(draws, tests):
    """So many of the draws are covered at least, but for one false alarm in a million runs."""
    return binom.ppf(FALSE_ALARM / tests, draws, CLAIMED)


def holds(names, draws):
    """Whether every interval of these spectra is covered as often as it claims."""
    tests = sum(SPECTRA[name][3] for name in names)
    for name in names:
        inside, *_ = covered(name, draws)
        assert (inside.sum(0) >= fewest(draws, tests)).all(), (name, inside.mean(0))


def test_intervals_are_covered_as_often_as_they_claim():
    holds(("outlier of 600 rows", "threefold outlier, known", "signed"), 120)


@pytest.mark.slow
def test_intervals_of_all_spectra_are_covered_as_often_as_they_claim():
    holds(SPECTRA, 3000)


def test_intervals_are_as_short_as_students_where_nothing_dominates():
    *_, lengths = covered("bulk", 40)
    assert (lengths.mean(0) < 1.1).all()


@pytest.mark.parametrize("k", [1, 2, 3, 20, N - 1])
@pytest.mark.parametrize("probes", [2, 10])
def test_the_interval_of_a_share_is_that_of_its_law(k, probes):
    """The law of each probe is exact: k of N squared coordinates of a random direction."""
    draws = 3000
    seen = np.random.default_rng(k).beta(k / 2, (N - k) / 2, (draws, probes)).mean(1)
    low, high = shares(seen, probes, N)
    assert ((low <= k / N) & (k / N <= high)).sum() >= fewest(draws, 10)
    assert ((low >= 0) & (low <= seen) & (seen <= high) & (high <= 1)).all()


def test_two_standard_errors_of_one_eigenvalue_would_be_refuted():
    """The bound of the tests above is strict: the interval that was printed before fails it."""
    weights = np.random.default_rng(0).beta(1 / 2, (N - 1) / 2, (3000, PROBES))
    stderr = weights.std(1, ddof=1) / PROBES**0.5
    before = np.abs(weights.mean(1) - 1 / N) <= 2 * stderr
    assert before.sum() < fewest(3000, 1)


@given(seed=st.integers(0, 2**32 - 1), shift=st.floats(-3, 3), scale=st.floats(1e-3, 1e3))
def test_an_interval_has_the_unit_of_its_function(seed, shift, scale):
    """The interval of a f + b is a times the interval of f plus b, also where a is negative."""
    rng = np.random.default_rng(seed)
    rules = [(rng.standard_normal(9) ** 3, rng.dirichlet(np.ones(9) / 2)) for _ in range(4)]
    mean = np.mean([weights @ nodes for nodes, weights in rules])
    low, high = interval(rules, np.asarray, mean, 50)
    smallest = min(nodes.min() for nodes, _ in rules)
    assert smallest <= low <= mean <= high
    for a in (scale, -scale):
        ends = interval(rules, lambda t, a=a: a * t + shift, a * mean + shift, 50)
        size = scale * max(np.abs(nodes).max() for nodes, _ in rules) + abs(shift)
        expected = np.sort([a * low + shift, a * high + shift])
        assert rounded(ends, expected, size, condition=CONDITION * (1 + abs(shift) / scale))
