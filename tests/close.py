"""Four ways to be close, each with a name, and all that the tests allow a number to be off.

``exact`` is the same value. ``rounded`` follows from eps, the size of the terms and a condition.
``discretised`` follows from the error of a scheme. ``sampled`` follows from the law of the draws.
``below`` is a bound that rounding may pass.

Each answers whether the values are close, and where they are not, by how much:

>>> rounded(0.1 + 0.2, 0.3)
close: 0.013 of what is allowed
>>> rounded(0.3 + 1e-9, 0.3)
apart: 2.35e+05 times what is allowed
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

#: Units in the last place of the largest term that a computation of condition 1 may lose.
ULPS = 64
#: How often draws of the right law may be called wrong.
FALSE_ALARM = 1e-6
#: The fewest draws whose mean has Student's law, whatever their own law is.
FEWEST_DRAWS = 64


@dataclass(frozen=True, repr=False)
class Closeness:
    """It is true where values are close; ``excess`` is the worst difference over the allowed."""

    excess: float
    why: str = ""

    def __bool__(self) -> bool:
        return self.excess <= 1  # nan is far

    def __repr__(self) -> str:
        if self:
            return f"close: {self.excess:.3g} of what is allowed"
        return f"apart: {self.why or f'{self.excess:.3g} times what is allowed'}"


def exact(observed: Any, expected: Any) -> Closeness:
    """The two are the same: arrays in bits, dtype and shape; what holds them in keys and lengths.

    A state of a training is what it stores.
    """
    why = _unlike(observed, expected)
    return Closeness(np.inf, why) if why else Closeness(0.0)


def rounded(
    observed: Any,
    expected: Any,
    size: Any = None,
    condition: Any = 1.0,
    *,
    decimals: Any = None,
) -> Closeness:
    """The two are equal up to rounding: |difference| <= 64 eps ``condition`` ``size``.

    ``size`` is that of the terms that were added: of the largest entry expected, if not stated.
    ``condition`` is how much the computation magnifies rounding. eps is of the coarser dtype. A
    source that prints so many ``decimals`` may be off by half a unit of the last one as well.
    """
    allowed = _rounding(size, condition, observed, expected)
    if decimals is not None:
        allowed = allowed + 0.5 * 10.0 ** -np.asarray(decimals, float)
    return _judged(observed, expected, allowed)


def below(lower: Any, upper: Any, size: Any = None, condition: Any = 1.0) -> Closeness:
    """``lower`` is at most ``upper``, up to ``rounded``'s rounding."""
    allowed = _rounding(size, condition, lower, upper)
    return _excess(np.subtract(_numbers(lower), _numbers(upper)), allowed)


def discretised(
    observed: Any, expected: Any, error: Any, size: Any = None, condition: Any = 1.0
) -> Closeness:
    """The two differ by at most a scheme's ``error`` and by ``rounded``'s rounding.

    ``error`` is a constant times a power of the step, or what a quadrature says of itself. A
    quotient of differences divides rounding by its step: that is its ``condition``.
    """
    return _judged(observed, expected, error + _rounding(size, condition, observed, expected))


def sampled(values: Any, expected: Any, *, stderr: Any = None, bias: Any = 0.0) -> Closeness:
    """The mean of the draws ``values`` lies where its law puts it but once in a million tests.

    Draws lie along the first axis and have Student's law; with ``stderr``, ``values`` is itself a
    mean that has the normal law. All entries share the rate. ``bias`` is what a finite size adds.
    """
    mean, degrees = np.asarray(values, float), np.inf
    if stderr is None:
        if len(mean) < FEWEST_DRAWS:
            raise ValueError(f"Student's law needs {FEWEST_DRAWS} draws, got {len(mean)}")
        degrees = len(mean) - 1
        mean, stderr = mean.mean(0), mean.std(0, ddof=1) / np.sqrt(len(mean))
    critical = stats.t.isf(FALSE_ALARM / 2 / max(1, mean.size), degrees)
    return _judged(mean, expected, critical * stderr + bias + _rounding(None, 1, mean, expected))


def _rounding(size: Any, condition: Any, observed: Any, expected: Any) -> Any:
    if size is None:
        size = np.abs(_numbers(expected)).astype(float)
        size = np.max(size, initial=0, where=np.isfinite(size))
    dtypes = [np.asarray(each).dtype for each in (observed, expected)]
    eps = max((np.finfo(d).eps for d in dtypes if d.kind in "fc"), default=np.finfo(float).eps)
    return ULPS * float(eps) * np.multiply(_numbers(condition), _numbers(size))


def _numbers(values: Any) -> np.ndarray:
    """Wide enough that their difference is not rounded; what is not NumPy's stays as it is."""
    values = np.asarray(values)
    if values.dtype == object:
        return values
    return values.astype(complex if values.dtype.kind == "c" else float)


def _judged(observed: Any, expected: Any, allowed: Any) -> Closeness:
    observed, expected = _numbers(observed), _numbers(expected)
    if observed.shape != expected.shape and observed.ndim and expected.ndim:
        return Closeness(np.inf, f"shapes {observed.shape} and {expected.shape}")
    with np.errstate(invalid="ignore"):
        difference = np.abs(observed - expected)
    return _excess(np.where(observed == expected, 0, difference), allowed)


def _excess(difference: Any, allowed: Any) -> Closeness:
    difference, allowed = np.asarray(difference, float), np.asarray(allowed, float)
    if not np.all((allowed >= 0) & (allowed < np.inf)):
        return Closeness(np.inf, "what is allowed is negative or not finite")
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.where(difference <= 0, 0, difference / allowed)
    return Closeness(float(np.max(excess, initial=0)))


def _unlike(observed: Any, expected: Any, where: str = "") -> str:
    """The first place in which the two are not the same, if any."""
    observed, expected = (
        each.to_arrays() if hasattr(each, "to_arrays") else each for each in (observed, expected)
    )
    if isinstance(observed, Mapping) and isinstance(expected, Mapping):
        if observed.keys() != expected.keys():
            return f"keys {sorted(observed.keys() ^ expected.keys())}{where}"
        pairs = ((observed[key], expected[key], key) for key in expected)
    elif isinstance(observed, list | tuple) and isinstance(expected, list | tuple):
        if len(observed) != len(expected):
            return f"{len(observed)} and {len(expected)} of them{where}"
        pairs = zip(observed, expected, range(len(expected)), strict=True)
    else:
        return "" if _same(observed, expected) else f"not the same{where}"
    return next(filter(None, (_unlike(a, b, f" at {key}{where}") for a, b, key in pairs)), "")


def _same(observed: Any, expected: Any) -> bool:
    kinds = np.ndarray | np.generic
    if isinstance(observed, kinds) and isinstance(expected, kinds):
        one, other = ((x.dtype, x.shape, x.tobytes()) for x in (observed, expected))
        return one == other
    return bool(
        np.array_equal(observed, expected) or (observed != observed and expected != expected)
    )
