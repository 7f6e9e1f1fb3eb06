"""How a closed form of numbers gets its value, to any number of digits.

``precise`` computes on balls (``theory.evaluation.balls``), which carry a bound on their error, and
doubles the digits that it works with until the radius is small enough. So a value is right to
rounding at the edges of a domain and far out too, and ``--digits D`` is D right digits.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp
from flint import arb, ctx

from theory.domain import DomainError
from theory.evaluation.balls import ball, exactly
from theory.evaluation.walk import UndecidedError, walk

#: ``precise`` starts with BITS bits. A number of which no digit is known at MOST_BITS is given up.
BITS, MOST_BITS = 128, 2**14
#: What is less is zero in float64.
SMALLEST = arb(2) ** -1080


def floats(expression: sp.Expr, values: Mapping[sp.Symbol, Any]) -> Any:
    """The value in float64 at numbers and arrays that broadcast, right to rounding.

    Beyond the range of float64 it is 0 or inf, as IEEE arithmetic rounds; of numbers that are not
    finite themselves it may be nan. Raises DomainError where the value is no number.
    """
    import numpy as np

    shape = np.broadcast_shapes(*(np.shape(x) for x in values.values()))
    given = [np.broadcast_to(x, shape).ravel().tolist() for x in values.values()]
    numbers = zip(*given, strict=True) if given else [()]
    return np.reshape([_nearest(expression, values, each) for each in numbers], shape)


def _nearest(expression: sp.Expr, letters: Iterable[sp.Symbol], numbers: Sequence[float]) -> float:
    """The nearest float64."""
    try:
        return float(precise(expression, dict(zip(letters, numbers, strict=True))).mid())
    except DomainError:
        if all(map(math.isfinite, numbers)):
            raise
        return math.nan


def precise(expression: sp.Expr, values: Mapping[sp.Symbol, Any], digits: int | None = None) -> Any:
    """The value at numbers of Python or NumPy, a ball that is right to ``digits`` digits.

    Without ``digits`` it is right enough to be rounded to float64. What cannot be told from zero
    after ``MOST_BITS`` bits, and after four for each bit wanted, is zero. Raises DomainError where
    the value is no number.
    """
    exact = {letter: exactly(number) for letter, number in values.items()}
    wanted = 60 if digits is None else int(3.33 * digits) + 4
    smallest = SMALLEST if digits is None else arb(0)
    bits, most = max(BITS, wanted + 32), max(MOST_BITS, 4 * wanted)
    while True:
        last = 2 * bits > most
        with ctx.workprec(bits):
            try:
                value = ball(walk(expression, exact, decide=last))
            except UndecidedError:
                value = arb.nan()
            if value.rel_accuracy_bits() >= wanted or value.rad() <= smallest:
                return value
            if last:
                if value.contains(0) and value.rad() < arb(2) ** (-bits // 2):
                    return arb(0)
                raise DomainError(f"the value there is no real number, or needs over {bits} bits")
        bits *= 2
