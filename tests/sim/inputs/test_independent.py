"""The limit spectrum of independent inputs whose scales are many decades apart."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.inputs import independent
from tests.close import rounded

#: Variances over 60 decades.
VARIANCES = st.lists(st.integers(-300, 300).map(lambda n: 10.0 ** (n / 10)), min_size=1, max_size=6)
DIGITS = 120


def halved(decreasing, low, high):
    """The root of a decreasing function, to 30 digits."""
    low, high = mpmath.log(low), mpmath.log(high)
    for _ in range(120):
        middle = (low + high) / 2
        low, high = (middle, high) if decreasing(mpmath.exp(middle)) > 0 else (low, middle)
    return mpmath.exp(low)


def psi(x, s, n):
    return x + x / n * mpmath.fsum(each / (x - each) for each in s)


def critical(s, n, sign):
    nearest = max(s) if sign > 0 else min(s)

    def bend(distance):
        x = nearest + sign * distance
        return mpmath.fsum((each / (x - each)) ** 2 for each in s) - n

    return nearest + sign * halved(bend, nearest / n / 2, 2 * sum(s) + 2 * n * nearest)


@given(VARIANCES, st.integers(2, 50))
def test_the_edges_of_variances_60_decades_apart(variances, examples):
    n = examples - 1
    lower, upper = independent.bulk(np.array(variances), examples)
    with mpmath.workdps(DIGITS):
        s = [mpmath.mpf(each) for each in variances]
        high, x = psi(critical(s, n, +1), s, n), critical(s, n, -1)
        low = psi(x, s, n)
        # psi is a sum of terms of this size
        terms = abs(x) * (1 + mpmath.fsum(abs(each / (x - each)) for each in s) / n)
    assert rounded(upper / float(high), 1, 1)
    assert rounded(lower, max(float(low), 0.0), float(terms))


@given(VARIANCES, st.lists(st.integers(-150, 150), min_size=6, max_size=6), st.integers(2, 50))
def test_the_largest_eigenvalue_of_variances_60_decades_apart(variances, powers, examples):
    mean = 10.0 ** (np.array(powers[: len(variances)]) / 10)
    n = examples - 1
    found = independent.largest(mean, np.array(variances), examples)
    with mpmath.workdps(DIGITS):
        s = [mpmath.mpf(each) for each in variances]
        squares = [mpmath.mpf(each) ** 2 for each in mean]
        edge = critical(s, n, +1) - max(s)

        def excess(distance):
            x = max(s) + distance
            seen = mpmath.fsum(m / (x - each) for m, each in zip(squares, s, strict=True))
            return seen - 1 - mpmath.fsum(each / (x - each) for each in s) / n

        beyond = edge + sum(squares)
        x = max(s) + (halved(excess, edge, beyond) if excess(edge) > 0 else edge)
        expected = float(psi(x, s, n))
    assert rounded(found / expected, 1, 1)


@pytest.mark.parametrize("decades", [14, 30, 58])
def test_a_small_input_does_not_matter(decades):
    """One input far above another is alone: (1 + 1/sqrt(n))^2 of its variance is the edge."""
    small = 10.0**-decades
    for examples in (2, 3, 100):
        _, upper = independent.bulk(np.array([1.0, small]), examples)
        alone = (1 + 1 / np.sqrt(examples - 1)) ** 2
        assert rounded(upper, alone, alone * (1 + small * 1e14))
