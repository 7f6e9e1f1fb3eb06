"""Rules of order: a difference that is not negative, and the largest of a set."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def gap(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    is_: Any,
    facts: Mapping[Any, Any] | None = None,
) -> bool:
    """The larger side exceeds the smaller by a number that is not negative.

    The difference must equal ``is_`` plus multiples of what the claim's conditions say is not
    negative: ``facts`` = {condition's relation: factor >= 0}.
    """
    if relation not in ("<=", ">="):
        return False
    difference = right - left if relation == "<=" else left - right
    rest = sp.sympify(is_)
    parts = rest
    for fact, factor in (facts or {}).items():
        if not is_stated(kernel, fact) or not kernel.nonnegative(factor):
            return False
        parts = parts + factor * not_negative(fact)
    return kernel.same(difference, parts) and kernel.nonnegative(rest)


@rule
def square_gap(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    is_: Any,
    facts: Mapping[Any, Any] | None = None,
) -> bool:
    """Of two numbers that are not negative the one with the larger square is larger; an absolute
    value is at most the root of what its square is at most. The gap of the squares is written as
    that of ``gap``."""
    if relation not in ("<=", ">="):
        return False
    small, large = (left, right) if relation == "<=" else (right, left)
    if not kernel.nonnegative(large):
        return False
    square = small.args[0] ** 2 if isinstance(small, sp.Abs) else small**2
    return bool(gap.check(kernel, square, large**2, "<=", is_=is_, facts=facts))


def is_stated(kernel: Kernel, fact: Any) -> bool:
    """Whether a condition says ``fact``, or that the largest of several is at most this."""
    if fact in kernel.facts:
        return True
    return any(
        isinstance(known, sp.LessThan)
        and isinstance(known.lhs, sp.Max)
        and any(fact == (each <= known.rhs) for each in known.lhs.args)
        for known in kernel.facts
    )


def not_negative(fact: Any) -> Any:
    """What a condition, an inequality, says is not negative."""
    if isinstance(fact, (sp.LessThan, sp.StrictLessThan)):
        return fact.rhs - fact.lhs
    if isinstance(fact, (sp.GreaterThan, sp.StrictGreaterThan)):
        return fact.lhs - fact.rhs
    raise TypeError(f"{fact} is no inequality")
