"""Rules of extremes: a supremum, an infimum and a minimum over a letter."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.functions.heads import Extreme, sup
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.uses import rule


@rule
def extreme(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    at: Any,
    gap: Any,
    facts: Mapping[Any, Any] | None = None,
) -> bool:
    """A supremum (a minimum) is a value that no member goes beyond and that a member has.

    ``at`` is this member; ``gap`` is what any member's value falls short of (exceeds) the extreme
    by, plus multiples ``facts`` = {condition of the set: factor >= 0} of what is not negative. Of
    an absolute value there are two gaps: that of the value, and that of its opposite.
    """
    if relation != "=" or not isinstance(left, Extreme):
        return False
    value, letter, *conditions = left.args
    value = value.replace(lambda part: isinstance(part, sp.Derivative), lambda part: part.doit())
    if not can_be(kernel, letter, at) or sp.sympify(right).has(letter):
        return False
    if not all(_fulfils(kernel, condition.xreplace({letter: at})) for condition in conditions):
        return False
    added = sp.Integer(0)
    for fact, factor in (facts or {}).items():
        if fact not in conditions or not kernel.nonnegative(factor):
            return False
        added += factor * (fact.gts - fact.lts)
    values: tuple[Any, ...] = (value,)
    gaps = gap if isinstance(gap, tuple) else (gap,)
    if isinstance(value, sp.Abs) and len(gaps) == 2:
        values = (value.args[0], -value.args[0])
    sign = 1 if isinstance(left, sup) else -1
    return kernel.same(value.xreplace({letter: at}), right) and all(
        kernel.same(sign * (right - each), short + added) and kernel.nonnegative(short)
        for each, short in zip(values, gaps, strict=True)
    )


def can_be(kernel: Kernel, letter: Any, at: Any) -> bool:
    """Whether ``at`` is a value of a ``letter`` that means nothing else."""
    if letter in kernel.images or letter in kernel.kinds or is_matrix(letter) != is_matrix(at):
        return False
    if is_matrix(letter):
        named = any(factor.has(letter) for word in kernel.rules for factor in word)
        return letter.shape == at.shape and not named
    at = sp.sympify(at)
    if not (at.is_real or _is_real(kernel, kernel.number(at))):
        return False
    if letter.is_nonpositive or (letter.is_zero is False and not letter.is_positive):
        return False
    if letter.is_integer and not at.is_integer:
        return False
    signs = [sign for sign in ("is_positive", "is_nonnegative") if getattr(letter, sign)]
    return bool(letter.is_real) and all(kernel.has_sign(at, sign) for sign in signs[:1])


def _is_real(kernel: Kernel, number: Any) -> bool:
    """Whether a number is real, where it is divided by what is not 0."""
    if number.is_real or number.is_real is False or not number.args:
        return bool(number.is_real)
    if isinstance(number, sp.Pow) and number.exp.is_Rational and not number.exp.is_Integer:
        return kernel.nonnegative(number.base)
    known = isinstance(number, (sp.Add, sp.Mul)) or (number.is_Pow and number.exp.is_Integer)
    return known and all(_is_real(kernel, each) for each in number.args)


def _fulfils(kernel: Kernel, condition: Any) -> bool:
    """Whether a condition holds on the whole domain."""
    if condition in (sp.true, sp.false):
        return bool(condition)
    if isinstance(condition, sp.Eq):
        return kernel.same(*condition.args)
    if isinstance(condition, (sp.Le, sp.Ge)):
        return kernel.nonnegative(condition.gts - condition.lts)
    if isinstance(condition, (sp.Lt, sp.Gt)):
        return kernel.has_sign(condition.gts - condition.lts, "is_positive")
    return False
