"""Numbers with what rounding may have done to them: a ball is a value and a radius.

Arithmetic on balls carries the radius along, so that the last ball says how many of its digits
are right. A *context* says what the numbers are: ``Floats`` are NumPy's arrays of float64,
``Multiprecision`` are mpmath's at a stated precision. Exact numbers are Fractions and stay so.
"""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import truediv
from typing import Any

#: Exact powers of Fractions are kept up to this many bits.
EXACT_BITS = 4096


class UndecidedError(ArithmeticError):
    """Two balls overlap, and which of the numbers is larger decides: more digits are needed."""


@dataclass(frozen=True, eq=False, slots=True)
class Ball:
    """The numbers within ``radius`` of ``value``."""

    value: Any
    radius: Any


class Context:
    """The rules of arithmetic that floats and numbers of more digits share."""

    unit: Any  #: no operation errs by more than this, relatively
    decide: bool = False  #: whether numbers that cannot be told apart are equal
    mp: Any = None  #: mpmath's functions, where they are used

    def lift(self, number: Any) -> Ball:
        """A Fraction as a ball; a ball as it is."""
        if isinstance(number, Ball):
            return number
        value = self.raw(number)
        exact = number.denominator & (number.denominator - 1) == 0 and number.numerator**2 < 2**100
        return Ball(value, 0 * value if exact else abs(value) * self.unit)

    def unknown(self) -> Ball:
        """Nothing, which leaves the value to more digits."""
        return Ball(math.nan, math.nan)

    def endless(self, positive: bool) -> Ball:
        """Infinity, which is known."""
        infinity = self.raw(Fraction(1)) * math.inf
        return Ball(infinity if positive else -infinity, 0)

    def add(self, a: Any, b: Any) -> Any:
        """The sum."""
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return a + b
        a, b = self.lift(a), self.lift(b)
        value = a.value + b.value
        return Ball(value, a.radius + b.radius + self.rounding(value))

    def multiply(self, a: Any, b: Any) -> Any:
        """The product."""
        if isinstance(b, Fraction):
            a, b = b, a
        if isinstance(a, Fraction):
            if isinstance(b, Fraction):
                return a * b
            if a == 0:
                return a
            if a == 1:
                return b
            if a == -1:
                return Ball(-b.value, b.radius)
        a, b = self.lift(a), self.lift(b)
        value = a.value * b.value
        radius = abs(a.value) * b.radius + (abs(b.value) + b.radius) * a.radius
        return Ball(value, radius + self.rounding(value))

    def divide(self, a: Any, b: Any) -> Any:
        """The quotient, in one rounding."""
        if isinstance(b, Fraction) and (b == 0 or isinstance(a, Fraction)):
            return a / b if b else self.multiply(a, self.power(b, Fraction(-1)))
        a, b = self.lift(a), self.lift(b)
        value = self.call(truediv, a.value, b.value)
        away = abs(b.value) - b.radius  # from zero
        radius = self.call(truediv, a.radius + abs(value) * b.radius, away)
        return Ball(value, self.unless(away <= 0, radius) + self.rounding(value))

    def power(self, base: Any, exponent: Any) -> Any:
        """``base`` to the ``exponent``; a negative base only to whole exponents."""
        if isinstance(base, Fraction) and isinstance(exponent, Fraction):
            exact = exact_power(base, exponent)
            if exact is not None:
                return exact
        if exponent == Fraction(1, 2):
            return self.apply(self.root, base)
        if exponent == -1:
            return self.apply(self.inverse, base)
        if isinstance(exponent, Fraction):
            raw = self.raw_exponent(exponent)
            return self.apply(lambda x: self.raise_to(x, raw), base)
        return self.apply(self.raise_to, base, exponent)

    def apply(self, function: Callable, *arguments: Any, ulps: float = 2) -> Ball:
        """``function``, which itself errs by ``ulps`` units; each argument is moved by its radius
        up and down, and what that changes is the radius of the value."""
        balls = [self.lift(argument) for argument in arguments]
        centre = [ball.value for ball in balls]
        value = self.call(function, *centre)
        radius = ulps * self.rounding(value)
        for place, ball in enumerate(balls):
            if not self.any(ball.radius):
                continue
            moves = []
            for moved in (ball.value + ball.radius, ball.value - ball.radius):
                there = self.call(function, *centre[:place], moved, *centre[place + 1 :])
                moves.append(abs(there - value))
            radius = radius + self.larger(*moves)
        return Ball(value, radius)

    def raw(self, number: Fraction) -> Any:
        """The number of this context nearest to a Fraction."""
        raise NotImplementedError

    def rounding(self, value: Any) -> Any:
        """How far an operation may have missed its ``value``."""
        raise NotImplementedError

    def raw_exponent(self, exponent: Fraction) -> Any:
        raise NotImplementedError

    def call(self, function: Callable, *arguments: Any) -> Any:
        raise NotImplementedError

    def any(self, radius: Any) -> bool:
        raise NotImplementedError

    def larger(self, first: Any, second: Any) -> Any:
        raise NotImplementedError

    def unless(self, bad: Any, number: Any) -> Any:
        """The number, and nan where it is bad."""
        raise NotImplementedError

    def root(self, x: Any) -> Any:
        raise NotImplementedError

    def inverse(self, x: Any) -> Any:
        raise NotImplementedError

    def raise_to(self, x: Any, exponent: Any) -> Any:
        raise NotImplementedError

    def active(self) -> AbstractContextManager:
        """In force while numbers of this context are computed with."""
        raise NotImplementedError


class Floats(Context):
    """Arrays of float64. What they cannot say becomes nan, and its radius too."""

    unit = 2.0**-52

    @cached_property
    def numpy(self) -> Any:
        import numpy

        return numpy

    def raw(self, number: Fraction) -> Any:
        try:
            return self.numpy.float64(number)
        except OverflowError:
            return self.numpy.float64("nan")

    def rounding(self, value: Any) -> Any:
        return self.unit * abs(value) + 2.0**-1074  # what underflows is off by this

    def raw_exponent(self, exponent: Fraction) -> Any:
        return self.raw(exponent)

    def call(self, function: Callable, *arguments: Any) -> Any:
        return function(*arguments)

    def any(self, radius: Any) -> bool:
        return bool(self.numpy.any(radius))

    def larger(self, first: Any, second: Any) -> Any:
        return self.numpy.maximum(first, second)

    def unless(self, bad: Any, number: Any) -> Any:
        return self.numpy.where(bad, self.numpy.nan, number)

    def root(self, x: Any) -> Any:
        return self.numpy.sqrt(x)

    def inverse(self, x: Any) -> Any:
        return 1 / x

    def raise_to(self, x: Any, exponent: Any) -> Any:
        return self.numpy.power(x, exponent)

    def active(self) -> AbstractContextManager:
        return self.numpy.errstate(all="ignore")


class Multiprecision(Context):
    """mpmath's numbers of ``bits`` bits; their exponents know no end.

    To ``decide`` is to take numbers that cannot be told apart for equal.
    """

    def __init__(self, bits: int, decide: bool = False) -> None:
        import mpmath

        self.mp, self.bits, self.decide = mpmath.mp, bits, decide
        self.unit = mpmath.ldexp(1, 1 - bits)

    def multiply(self, a: Any, b: Any) -> Any:
        """The product; an infinity that is known stays known."""
        return self._endless(super().multiply(a, b), a, b)

    def divide(self, a: Any, b: Any) -> Any:
        """The quotient; an infinity that is known stays known."""
        return self._endless(super().divide(a, b), a, b)

    def _endless(self, result: Any, *factors: Any) -> Any:
        """``result``, without a radius where it is infinite and no factor may be zero."""
        if isinstance(result, Fraction) or not self.mp.isinf(result.value):
            return result
        known = all(abs(ball.value) > ball.radius for ball in map(self.lift, factors))
        return Ball(result.value, 0) if known else result

    def raw(self, number: Fraction) -> Any:
        return self.mp.mpf(number.numerator) / number.denominator

    def rounding(self, value: Any) -> Any:
        return 0 if self.mp.isinf(value) else self.unit * abs(value)

    def raw_exponent(self, exponent: Fraction) -> Any:
        return int(exponent) if exponent.denominator == 1 else self.raw(exponent)

    def call(self, function: Callable, *arguments: Any) -> Any:
        """What is not real is nan."""
        try:
            value = function(*arguments)
        except (ValueError, ArithmeticError, self.mp.NoConvergence):
            return self.mp.nan
        return self.mp.nan if isinstance(value, self.mp.mpc) else self.mp.mpf(value)

    def any(self, radius: Any) -> bool:
        return bool(radius != 0)

    def larger(self, first: Any, second: Any) -> Any:
        return first + second if first != first else max(first, second)

    def unless(self, bad: Any, number: Any) -> Any:
        return self.mp.nan if bad else number

    def root(self, x: Any) -> Any:
        return self.mp.sqrt(x)

    def inverse(self, x: Any) -> Any:
        return self.mp.inf if x == 0 else 1 / x

    def raise_to(self, x: Any, exponent: Any) -> Any:
        if isinstance(exponent, self.mp.mpf) and self.mp.isint(exponent):
            exponent = int(exponent)
        if x == 0 and exponent < 0:
            return self.mp.inf
        return self.mp.power(x, exponent)

    def active(self) -> AbstractContextManager:
        return self.mp.workprec(self.bits)


class Points(Multiprecision):
    """The values alone, of functions no radius: for what a quadrature judges by itself."""

    def apply(self, function: Callable, *arguments: Any, ulps: float = 2) -> Ball:
        """``function`` of the values."""
        return Ball(self.call(function, *(self.lift(each).value for each in arguments)), 0)


def exact_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """The power where it is a Fraction of moderate length, else None.

    >>> exact_power(Fraction(4, 9), Fraction(-3, 2))
    Fraction(27, 8)
    """
    from math import isqrt

    if exponent.denominator == 2 and base >= 0:
        roots = isqrt(base.numerator), isqrt(base.denominator)
        if roots[0] ** 2 != base.numerator or roots[1] ** 2 != base.denominator:
            return None
        return exact_power(Fraction(*roots), 2 * exponent)
    length = base.numerator.bit_length() + base.denominator.bit_length()
    if exponent.denominator != 1 or (base == 0 and exponent < 0):
        return None
    if base not in (-1, 0, 1) and length * abs(exponent) > EXACT_BITS:
        return None
    if base in (-1, 0, 1):
        return base ** (int(exponent) % 2 if base else min(int(exponent), 1))
    return base ** int(exponent)
