"""How a definition and a closed form are close, by the error that the definition states."""

from fractions import Fraction
from typing import Any

import numpy as np
from scipy import stats

from tests.close import FALSE_ALARM, Closeness, below, discretised, exact, rounded, sampled
from tests.theory.test_values import condition, entries
from theory.__main__ import evaluate
from theory.claim import Claim
from theory.definitions.estimates import REPEATS, Estimate

#: Below this a number is zero: differences of 120 digits leave 1e-36.
NOUGHT = 1e-30
#: How much algebra of small matrices magnifies rounding, where it cannot be computed.
ALGEBRA = 64
#: Kinds of arrays that floats have to rounding only.
INEXACT = ("unit", "orthogonal")
#: Student's law of the repeated evaluations, and beside the normal law that ``sampled`` takes.
CRITICAL = stats.t.isf(FALSE_ALARM / 2, REPEATS - 1)
TAILS = CRITICAL / stats.norm.isf(FALSE_ALARM / 2)


def named(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"": value}


def exactly(value: Any) -> Any:
    """A point in fractions and lists of them."""
    if isinstance(value, dict):
        return {name: exactly(item) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        return exactly(value.tolist())
    if isinstance(value, list):
        return [exactly(item) for item in value]
    return value if isinstance(value, int) else Fraction(value)


def agreement(found: Estimate, closed: Any, moves: float = 0.0) -> Closeness:
    """How an estimate and a value of a closed form compare, which ``moves`` so many times as far as
    what is rounded in its point."""
    expected = np.asarray(closed, dtype=float)
    size = np.max(np.abs(expected))
    size = (size if size > NOUGHT else 1.0) + moves
    if np.any(np.asarray(found.stderr) > 0):
        return sampled(
            found.value, expected, stderr=TAILS * np.asarray(found.stderr), bias=found.bias
        )
    if np.any(np.asarray(found.bias) > 0):
        return discretised(found.value, expected, found.bias, size=size)
    return rounded(found.value, expected, size=size)


def inside(found: Estimate, bounds: dict[str, float], moves: float = 0.0) -> Closeness:
    """How an estimate and the bounds around it compare."""
    if np.isinf(found.value):  # only a bound that is infinite too leaves room for it
        side = "upper" if found.value > 0 else "lower"
        return exact(found.value, bounds.get(side, found.value))
    size = max(abs(found.value), *(abs(x) for x in bounds.values() if np.isfinite(x)))
    size = (size if size > NOUGHT else 1.0) + moves
    room = found.bias + CRITICAL * found.stderr
    low = below(bounds.get("lower", -np.inf), found.value + room, size=size)
    high = below(found.value - room, bounds.get("upper", np.inf), size=size)
    return max(low, high, key=lambda each: each.excess)


def compared(claim: Claim, found: Any, point: dict[str, Any]) -> dict[str, Closeness]:
    """How definition and closed form compare, by name."""
    point = exactly(point)
    values = {key: floated(each) for key, each in named(evaluate(claim.closed_form, point)).items()}
    moves = dict.fromkeys(values, 0.0)
    if any(getattr(each.domain, "kind", "") in INEXACT for each in claim.parameters):
        for key, value in named(claim.closed_form.exact(50, **point)).items():
            try:
                moves[key] = float(condition(claim, point, key, entries(value)))
            except OverflowError:  # SymPy fails at fractions of over 300 digits
                moves[key] = ALGEBRA * float(np.max(np.abs(np.asarray(values[key], float))))
    return with_values(claim, found, values, moves)


def with_values(
    claim: Claim, found: Any, values: dict[str, Any], moves: dict[str, float]
) -> dict[str, Closeness]:
    """How a definition and any values compare, by name."""
    if claim.relation == "bound":
        return {"": inside(found, values, max(moves.values()))}
    return {key: agreement(each, values[key], moves[key]) for key, each in named(found).items()}


def floated(value: Any) -> Any:
    """What is beyond the range of floats comes as text."""
    return float(value) if isinstance(value, str) else value
