"""The power of a check is the smallest error that it refutes, by hand where that can be told."""

import math

import numpy as np
from scipy import stats

from sim.check import FALSE_ALARM
from sim.evidence import MISS_RATE, ROUNDING_ULPS, Bounded, Exact, Rounded, Student, at
from sim.power import ERRORS, power
from tests.close import below, discretised
from theory import quadratic, spectra

DECAY = {"lam": 1.0, "eta": 0.5, "k": 3}
STEP = ERRORS[1] / ERRORS[0]


def is_next_above(found, error):
    return error <= found and below(found, STEP * error, condition=8)


def test_of_rounding_it_is_what_rounding_allows():
    right = quadratic.decay(**DECAY)
    for magnitude in (right, 1e3 * right):
        found = power(quadratic.decay, [Rounded(at(**DECAY), right, magnitude)], FALSE_ALARM)
        allowed = ROUNDING_ULPS * np.finfo(float).eps * magnitude / right
        assert is_next_above(found, allowed)


def test_of_a_mean_it_is_that_of_students_law():
    right, spread = quadratic.decay(**DECAY), np.linspace(-1e-3, 1e-3, 400)
    piece = Student(at(**DECAY), right + spread)
    found = power(quadratic.decay, [piece], FALSE_ALARM)
    distance = stats.t.isf(FALSE_ALARM / 2, 399) + stats.norm.isf(MISS_RATE)
    expected = distance * piece.stderr / right
    assert discretised(found, expected, (STEP - 1) * expected)
    assert power(quadratic.decay, [piece], FALSE_ALARM / 1e6) > found


def test_the_sharpest_piece_counts_and_the_name_that_is_known_least():
    values = {"alpha": 4.0, "v": 0.9}
    right = spectra.edges(**values)
    sharp, blunt = (Rounded(at("lower", **values), right["lower"], size) for size in (1.0, 1e6))
    other = Rounded(at("upper", **values), right["upper"], 1e3)
    both = power(spectra.edges, [sharp, other], FALSE_ALARM)
    assert power(spectra.edges, [blunt, sharp, other], FALSE_ALARM) == both
    assert power(spectra.edges, [sharp, blunt], FALSE_ALARM) == math.inf  # "upper" is not seen
    assert power(spectra.edges, [blunt, other], FALSE_ALARM) > both


def test_a_bound_is_known_to_the_gap_that_its_check_leaves():
    claim, values = quadratic.rate_over_inputs, {"N_small": 3, "N_large": 3, "m": 1.0, "v": 0.5}

    def predict(form):
        return form(**values).get("lower"), None

    attained = claim(**values)["lower"]
    tight = power(claim, [Bounded(predict, [attained, 2 * attained], attained)], FALSE_ALARM)
    assert is_next_above(tight, ROUNDING_ULPS * np.finfo(float).eps)
    loose = power(claim, [Bounded(predict, [attained], attained, gap=0.1)], FALSE_ALARM)
    assert is_next_above(loose, 0.1 / 1.1)


def test_what_is_whole_or_zero_has_none_and_what_is_not_looked_at_has_no_bound():
    shape = {"N": 3, "p": 2}
    counts = [Exact(at(name, **shape), n) for name, n in spectra.null_count(**shape).items()]
    assert power(spectra.null_count, counts, FALSE_ALARM) is None
    nothing = {"alpha": 4.0, "v": 0.9, "lam": 100.0}
    assert power(spectra.semicircle, [Rounded(at(**nothing), 0.0, 1.0)], FALSE_ALARM) is None
    right = quadratic.decay(**DECAY)
    assert math.isinf(power(quadratic.decay, [Rounded(at(**DECAY), right, 1e16)], FALSE_ALARM))
