"""What each function of SymPy means in arithmetic on balls, in float64 and with more digits."""

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from importlib import import_module
from typing import Any

import sympy as sp

from theory import functions
from theory.balls import Ball, Context, Floats, Multiprecision, UndecidedError

#: An argument that is known this well, relatively, tells on which side of a jump it is.
CLEAR = 2.0**-47

Meaning = Callable[..., Any]  # of a context and the arguments, Fractions or balls


def reduced(operation: Callable, numbers: Iterable[Any]) -> Any:
    """The operation between all numbers, from the left."""
    first, *others = numbers
    for each in others:
        first = operation(first, each)
    return first


def function(numpy: str | None, mpmath: str, ulps: float = 2) -> Meaning:
    """A function by its names in NumPy or scipy.special and in mpmath."""

    def meaning(context: Context, *arguments: Any) -> Any:
        if isinstance(context, Multiprecision):
            return context.apply(getattr(context.mp, mpmath), *arguments, ulps=ulps)
        if numpy is None:
            return context.unknown()
        module, _, name = numpy.rpartition(".")
        return context.apply(getattr(import_module(module), name), *arguments, ulps=ulps)

    return meaning


def step(numpy: str, exact: Callable[[Fraction], int]) -> Meaning:
    """A function that jumps; at a jump to within rounding, float64 takes the side that it sees."""

    def meaning(context: Context, argument: Any) -> Any:
        if isinstance(argument, Fraction):
            return Fraction(exact(argument))
        if isinstance(context, Floats):
            np = context.numpy
            clear = argument.radius <= CLEAR * np.maximum(1, abs(argument.value))
            value = getattr(np, numpy)(argument.value)
            return Ball(value, np.where(clear, 0, np.inf))
        low, high = (
            exact(exactly(argument.value + move)) for move in (-argument.radius, argument.radius)
        )
        if low != high and not context.decide:
            raise UndecidedError
        return Fraction(low if low == high else exact(Fraction(round(exactly(argument.value)))))

    return meaning


def exactly(number: Any) -> Fraction:
    """A number of mpmath as a Fraction. UndecidedError where it is none."""
    import mpmath

    if not mpmath.isfinite(number):
        raise UndecidedError
    sign, mantissa, exponent, _ = number._mpf_
    whole = Fraction(-int(mantissa) if sign else int(mantissa))
    return whole * Fraction(2) ** int(exponent)


def extreme(numpy: str, choose: Callable[..., Any]) -> Meaning:
    """The largest or the smallest."""

    def meaning(context: Context, *arguments: Any) -> Any:
        if all(isinstance(each, Fraction) for each in arguments):
            return choose(arguments)
        if isinstance(context, Floats):
            of_two = getattr(context.numpy, numpy)
            return context.apply(lambda *x: reduced(of_two, x), *arguments)
        return context.apply(lambda *x: choose(x), *arguments)

    return meaning


def absolute(context: Context, argument: Any) -> Any:
    """The absolute value."""
    if isinstance(argument, Fraction):
        return abs(argument)
    return Ball(abs(argument.value), argument.radius)


def constant(name: str, value: float) -> Meaning:
    """A constant by its name in mpmath."""

    def meaning(context: Context) -> Ball:
        found = +getattr(context.mp, name) if isinstance(context, Multiprecision) else value
        return Ball(found, context.unit * found)

    return meaning


def regularised_beta(context: Context, a: Any, b: Any, low: Any, high: Any) -> Any:
    """I_high(a, b), for ``low`` = 0, by a continued fraction (theory.functions)."""
    if isinstance(context, Floats):
        return context.unknown()
    assert low == 0
    return context.apply(lambda *x: functions.beta_share(context.mp, *x), a, b, high, ulps=4096)


def sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


#: What each function of SymPy means; our own say it themselves, by a method ``ball``.
FUNCTIONS: dict[Any, Meaning] = {
    type(sp.pi): constant("pi", math.pi),
    type(sp.EulerGamma): constant("euler", 0.5772156649015329),
    type(sp.E): constant("e", math.e),
    sp.Abs: absolute,
    sp.Max: extreme("maximum", max),
    sp.Min: extreme("minimum", min),
    sp.sign: step("sign", sign),
    sp.floor: step("floor", math.floor),
    sp.exp: function("numpy.exp", "exp"),
    sp.log: function("numpy.log", "log"),
    sp.sin: function("numpy.sin", "sin"),
    sp.cos: function("numpy.cos", "cos"),
    sp.asin: function("numpy.arcsin", "asin"),
    sp.acos: function("numpy.arccos", "acos"),
    sp.atan: function("numpy.arctan", "atan"),
    sp.atan2: function("numpy.arctan2", "atan2"),
    sp.erf: function("scipy.special.erf", "erf", 4),
    sp.elliptic_k: function("scipy.special.ellipk", "ellipk", 8),
    sp.elliptic_e: function("scipy.special.ellipe", "ellipe", 8),
    sp.gamma: function(None, "gamma", 8),
    sp.polygamma: function(None, "psi", 8),
    sp.binomial: function(None, "binomial", 8),
    sp.betainc_regularized: regularised_beta,
}
