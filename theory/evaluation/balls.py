"""Arithmetic of numbers that know their error: exact fractions, and balls of Arb (python-flint).

A number is an ``fmpq``, which is exact, or an ``arb``: a value and a radius that holds all that
rounding may have done to it. In an integrand it is an ``acb``. The precision is that of
``flint.ctx``. A function that has no value there is nan.
"""

from fractions import Fraction
from math import isqrt
from typing import Any

from flint import acb, arb, ctx, fmpq

#: Exact powers are kept up to this many bits.
EXACT_BITS = 4096
INFINITY = arb.pos_inf()


def exactly(number: Any) -> Any:
    """A number of Python or NumPy, exactly: an ``fmpq``, or a ball without a radius.

    >>> exactly(Fraction(1, 3)), exactly(0.5)
    (1/3, 0.500000000000000)
    """
    if isinstance(number, float):
        return arb(number)
    if isinstance(number, int):
        return fmpq(number)
    number = Fraction(number.item() if hasattr(number, "item") else number)
    return fmpq(number.numerator, number.denominator)


def ball(number: Any) -> Any:
    """``number`` as a ball."""
    return number if isinstance(number, (arb, acb)) else arb(number)


def is_zero(number: Any) -> bool:
    """Whether ``number`` is 0 for certain."""
    return bool(number == 0)


def divide(a: Any, b: Any) -> Any:
    """The quotient; by an exact 0 it is infinite, with the sign of ``a``."""
    if is_zero(b):
        return ball(a) * INFINITY
    return a / b


def power(base: Any, exponent: Any) -> Any:
    """``base`` to the ``exponent``; a negative base only to whole exponents."""
    if isinstance(exponent, fmpq):
        if isinstance(base, fmpq):
            exact = exact_power(base, exponent)
            if exact is not None:
                return exact
        if exponent.q == 1:
            return whole_power(ball(base), int(exponent.p))
        if exponent.q == 2:
            return whole_power(root(base), int(exponent.p))
    if is_zero(base) and exponent < 0:
        return INFINITY
    return ball(base) ** ball(exponent)


def whole_power(base: Any, exponent: int) -> Any:
    """A ball to a whole exponent."""
    if exponent < 0:
        return divide(fmpq(1), whole_power(base, -exponent))
    if isinstance(base, arb) and base.contains(0):  # where arb's own power is nan
        return (acb(base) ** exponent).real
    return base**exponent


def root(number: Any) -> Any:
    """The square root. Rounding may have made a number that is 0 negative."""
    number = ball(number)
    if isinstance(number, arb) and number.contains(0):
        number = number.nonnegative_part()
    return number.sqrt()


def nearly_whole(number: Any) -> Any:
    """``number``, or the whole number that it cannot be told from."""
    whole = number.unique_fmpz()
    return number if whole is None or number.rad() > 2**-64 else fmpq(whole)


def exact_power(base: Any, exponent: Any) -> Any:
    """The power where it is a fraction of moderate length, else None.

    >>> exact_power(fmpq(4, 9), fmpq(-3, 2))
    27/8
    """
    if exponent.q == 2 and base >= 0:
        above, below = int(base.p), int(base.q)
        if isqrt(above) ** 2 != above or isqrt(below) ** 2 != below:
            return None
        return exact_power(fmpq(isqrt(above), isqrt(below)), 2 * exponent)
    if exponent.q != 1 or (base == 0 and exponent < 0):
        return None
    times = int(exponent.p)
    if base in (-1, 0, 1):
        return base ** (times % 2 if base else min(times, 1))
    length = int(base.p).bit_length() + int(base.q).bit_length()
    return base**times if length * abs(times) <= EXACT_BITS else None


def zero_between(function: Any, slope: Any, low: Any, high: Any) -> Any:
    """The zero of a real ``function`` between two points where its signs differ; ``slope`` is its
    derivative there. Bisection, then Newton's method on balls, which encloses the zero; nan where
    the precision does not do."""
    low, high = ball(low), ball(high)
    rises = function(low) < 0
    for _ in range(ctx.prec):
        middle = ((low + high) / 2).mid()
        value = function(middle)
        if not (value < 0 or value > 0):
            break
        low, high = (middle, high) if (value < 0) == rises else (low, middle)
    around = low.union(high)
    while True:
        middle = around.mid()
        closer = middle - divide(function(middle), slope(around))
        if not closer.overlaps(around):
            return arb.nan()
        closer = closer.intersection(around)
        if not closer.rad() < around.rad() / 2:
            return closer
        around = closer
