"""Find how small an error of the closed form a check refutes."""

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import sympy as sp

from sim.evidence import MISS_RATE, Evidence, Form
from theory.claim import Claim

Change = Callable[[np.ndarray, Mapping[str, Any]], np.ndarray]

#: The relative errors that are tried, from one unit in the last place to 1/2, a tenth apart.
ERRORS = np.geomspace(np.finfo(float).eps, 0.5, 376)


def refutes(evidence: list[Evidence], form: Form, truth: Form, share: float) -> tuple[bool, bool]:
    """Whether a piece refutes ``form``, and whether it would do so in all draws but one in a
    million."""
    for piece in evidence:
        if piece.miss(form, truth, share) <= MISS_RATE:
            return piece.refutes(form, share), True
    return False, False


def power(claim: Claim, evidence: list[Evidence], share: float) -> float | None:
    """The smallest e such that ``evidence`` refutes ``claim`` with an error of e in either
    direction.

    An error of e multiplies all values of a name of the closed form by 1 + e or by 1 - e. For a
    bound it moves a side by e times the side's size, towards the other side or away from it. Where
    a side is zero, its largest size in the draw counts. An error is refuted if some piece refutes
    it at the level ``share``, and would do so in all draws but one in a million. Of several names,
    or sides, the one with the largest e counts. The error is found among ``ERRORS`` by bisection,
    and so to a tenth of itself. It is inf where even an error of 1/2 is not refuted.

    The result is None where no such error exists. Then all values are zero, infinite, or whole
    numbers, which are right or wrong.
    """
    truth = _remembered(claim.closed_form)
    smallest = []
    for name, expression in expressions(claim).items():
        asked = sizes(evidence, truth, name)
        if not np.any(asked) or (np.all(asked % 1 == 0) and is_whole(expression)):
            continue
        floor = float(asked.max()) if claim.relation == "bound" else 0.0
        for sign in (1, -1):
            wrong = partial(_moved, truth, name, sign, floor)
            smallest.append(_smallest(evidence, wrong, truth, share))
    return max(smallest, default=None)


def _smallest(
    evidence: list[Evidence], wrong: Callable[[float], Form], truth: Form, share: float
) -> float:
    """The smallest error whose ``wrong`` form a piece refutes.

    Each piece is asked for less than the pieces before it. Pieces that are known to rounding come
    first.
    """
    best = len(ERRORS)
    with np.errstate(all="ignore"):  # a wrong form may also be badly defined
        for piece in sorted(evidence, key=lambda piece: piece.law != "rounding"):

            def refuted(index: int, piece: Evidence = piece) -> bool:
                form = wrong(float(ERRORS[index]))
                return piece.refutes(form, share) and piece.miss(form, truth, share) <= MISS_RATE

            if best > 0 and refuted(best - 1):
                best = bisect_left(range(best), True, key=refuted)
    return float(ERRORS[best]) if best < len(ERRORS) else math.inf


def expressions(claim: Claim) -> dict[str, sp.Expr]:
    """The expressions of the closed form by name. A single expression has the name ""."""
    expression = claim.closed_form.expression
    by_name = expression if claim.closed_form.named else {"": expression}
    return {name: sp.sympify(each) for name, each in by_name.items()}


def is_whole(expression: sp.Expr) -> bool:
    """Whether SymPy knows that the expression is a whole number and no constant."""
    return bool(expression.is_integer and expression.free_symbols)


def changed(truth: Form, name: str, change: Change) -> Form:
    """``truth`` with the values of one name changed."""

    def bare(value: np.ndarray) -> Any:
        return value if value.ndim else float(value)

    def form(**values: Any) -> Any:
        right = truth(**values)
        if not isinstance(right, Mapping):
            return bare(change(np.asarray(right, float), values))
        return {**right, name: bare(change(np.asarray(right[name], float), values))}

    return form


def _moved(truth: Form, name: str, sign: int, floor: float, error: float) -> Form:
    """``truth`` with all finite values of a name moved by ``error`` times their size.

    A value of zero is moved by ``error`` times ``floor``.
    """

    def move(value: np.ndarray, values: Mapping[str, Any]) -> np.ndarray:
        size = np.where(value == 0, floor, np.abs(value))
        return value + sign * error * np.where(np.isinf(value), 0.0, size)

    return changed(truth, name, move)


def sizes(evidence: list[Evidence], truth: Form, name: str) -> np.ndarray:
    """The finite sizes of the values of this name for which the draw asks."""
    magnitudes: list[np.ndarray] = []

    def watch(**values: Any) -> Any:
        value = truth(**values)
        magnitudes.append(np.abs(np.ravel(value[name] if name else value)).astype(float))
        return value

    for piece in evidence:
        piece.predict(watch)
    every = np.concatenate([np.empty(0), *magnitudes])
    return every[np.isfinite(every)]


def _remembered(form: Form) -> Form:
    """``form``, evaluated once at each of its values."""
    known: dict[Any, Any] = {}

    def remembering(**values: Any) -> Any:
        arrays = {name: np.asarray(value) for name, value in values.items()}
        key = tuple((name, each.shape, each.tobytes()) for name, each in arrays.items())
        if key not in known:
            known[key] = form(**values)
        return known[key]

    return remembering
