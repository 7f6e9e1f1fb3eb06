"""How a closed form of numbers gets its value: in float64 with NumPy, to any digits with mpmath.

``floats`` keeps what float64 gets right, by the bound on its error that it carries along
(``theory.balls``), and takes the rest from ``precise``. That doubles the digits that it works with
until the radius is small enough: so a value is right to rounding at the edges of a domain and far
out too, and ``--digits D`` is D right digits.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp

from theory.balls import Ball, Floats, Multiprecision, UndecidedError
from theory.domain import DomainError
from theory.walk import walk

#: float64 is kept where its own bound on its error is below this, relatively.
ENOUGH = 2.0**-44
#: Work starts with this many bits, and ends with one that is known to no digit at so many.
BITS, MOST_BITS = 128, 2**14

FLOATS = Floats()


def floats(expression: sp.Expr, values: Mapping[sp.Symbol, Any]) -> Any:
    """The value in float64 at numbers and arrays that broadcast, right to rounding.

    Beyond the range of float64 it is 0 or inf, as IEEE arithmetic rounds. Raises DomainError
    where the value is no number.
    """
    import numpy as np

    with FLOATS.active():
        balls = {letter: Ball(np.asarray(x, float), np.zeros(())) for letter, x in values.items()}
        ball = FLOATS.lift(walk(expression, balls, FLOATS))
        right = np.isfinite(ball.value) & (ball.radius <= ENOUGH * np.abs(ball.value))
        for each in values.values():  # an eigenvalue that there is not
            right = right | ~np.isfinite(np.asarray(each, float))
    shape = np.broadcast_shapes(*(np.shape(x) for x in values.values()))
    found, right = np.array(np.broadcast_to(ball.value, shape)), np.broadcast_to(right, shape)
    if not right.all():
        given = {letter: np.broadcast_to(x, shape) for letter, x in values.items()}
        for place in zip(*np.nonzero(~right), strict=True) if shape else [()]:
            here = {letter: fraction(x[place]) for letter, x in given.items()}
            found[place] = nearest_float(precise(expression, here))
    return found


def fraction(number: Any) -> Fraction:
    """A number of NumPy or Python, exactly."""
    return Fraction(number.item() if hasattr(number, "item") else number)


def nearest_float(number: Any) -> float:
    """The float64 nearest to a number of mpmath."""
    from mpmath import libmp

    return float(libmp.to_float(number._mpf_, rnd=libmp.round_nearest))


def precise(expression: sp.Expr, values: Mapping[sp.Symbol, Any], digits: int | None = None) -> Any:
    """The value at Fractions, as a number of mpmath that is right to ``digits`` digits.

    Without ``digits`` it is right enough to be rounded to float64. What cannot be told from zero
    after ``MOST_BITS`` bits, and after four for each bit wanted, is zero. Raises DomainError where
    the value is no number.
    """
    return _precise(expression, tuple(values.items()), digits)


@lru_cache(maxsize=4096)
def _precise(
    expression: sp.Expr, given: tuple[tuple[sp.Symbol, Any], ...], digits: int | None
) -> Any:
    """``precise``, computed once: a check asks for the same values for each of its wrong forms."""
    import mpmath

    values = dict(given)
    wanted = 60 if digits is None else int(3.33 * digits) + 4
    floor = mpmath.ldexp(1, -1080) if digits is None else 0  # less is zero in float64
    bits, most = max(BITS, wanted + 32), max(MOST_BITS, 4 * wanted)
    while True:
        last = 2 * bits > most
        context = Multiprecision(bits, decide=last)
        with context.active():
            try:
                ball = context.lift(walk(expression, values, context))
            except UndecidedError:
                ball = Ball(mpmath.nan, mpmath.nan)
            finite = mpmath.isfinite(ball.value)
            allowed = max(mpmath.ldexp(abs(ball.value), -wanted), floor) if finite else 0
            if ball.radius <= allowed:
                return ball.value
            if last:
                if abs(ball.value) <= ball.radius < mpmath.ldexp(1, -bits // 2):
                    return mpmath.mpf(0)
                raise DomainError(f"the value there is no real number, or needs over {bits} bits")
        bits *= 2
