"""Rules of cases: a Piecewise, a maximum, a minimum and an absolute value, decided by signs."""

from typing import Any

import sympy as sp
from sympy.core.relational import Relational

from theory.proofs.kernel import equality, roots
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.uses import RULES, Use, rule

#: What binds a letter: inside, the signs of the domain say nothing.
BINDING = (sp.Integral, sp.Sum, sp.Product, sp.Limit, sp.Derivative, sp.Subs)


@rule
def pieces(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """A Piecewise is its piece whose condition holds, a maximum is the larger of its parts.

    Every condition is decided by signs on the whole domain, or in a case of it; where one is not
    decided, nothing follows.
    """
    if relation != "=":
        return False
    here, there = decided(kernel, left), decided(kernel, right)
    if here is None or there is None:
        return False
    return equality.vanishes(roots.factored(kernel.number(here) - kernel.number(there)))


@rule
def same_pieces(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Two Piecewise are equal where their pieces are, one by one, and their conditions agree.

    Conditions agree where they are inequalities whose differences of sides have a positive ratio.
    """
    here, there = (sp.piecewise_fold(sp.sympify(each).doit()) for each in (left, right))
    if relation != "=" or not (isinstance(here, sp.Piecewise) and isinstance(there, sp.Piecewise)):
        return False
    return len(here.args) == len(there.args) and all(
        kernel.same(one, other) and _agree(kernel, condition, other_condition)
        for (one, condition), (other, other_condition) in zip(here.args, there.args, strict=True)
    )


@rule
def support(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """What is f between low and high and else 0 has the integral from 0 to b: 0 for b <= low, that
    of f from low to b for b < high, and that from low to high for others.

    0 <= low <= high.
    """
    found = [each for each in left.atoms(sp.Integral) if isinstance(each.function, sp.Piecewise)]
    if relation != "=" or len(found) != 1:
        return False
    (total,) = found
    ((x, start, end),) = total.limits
    if len(total.function.args) != 2 or start != 0 or x in kernel.images:
        return False
    (f, inside), (outside, elsewhere) = total.function.args
    if elsewhere != sp.true:
        return False
    bounds = {(each.lts, each.gts) for each in inside.args if isinstance(each, (sp.Lt, sp.Gt))}
    lows = [one for one, other in bounds if other == x]
    highs = [other for one, other in bounds if one == x]
    if outside != 0 or len(inside.args) != 2 or len(lows) != 1 or len(highs) != 1:
        return False
    low, high = lows[0], highs[0]
    if not (kernel.nonnegative(low) and kernel.nonnegative(high - low)):
        return False
    image = sp.Piecewise(
        (0, end <= low),
        (sp.Integral(f, (x, low, end)), end < high),
        (sp.Integral(f, (x, low, high)), True),
    )
    return bool(left.xreplace({total: image}) == right)


@rule
def chosen_piece(
    kernel: Kernel, left: Any, right: Any, relation: str, by: tuple[Use | None, ...]
) -> bool:
    """Two Piecewise are equal in a case where the pieces are that are chosen there.

    ``by`` has, for each piece of ``left``, the rule that says so, or None for a calculation.
    """
    old, new = left.atoms(sp.Piecewise), right.atoms(sp.Piecewise)
    if relation != "=" or len(old) != 1 or len(new) != 1:
        return False
    (one,), (other,), hole = old, new, sp.Dummy()
    if left.xreplace({one: hole}) != right.xreplace({other: hole}) or len(by) != len(one.args):
        return False
    here, there = _chosen(kernel, one), _chosen(kernel, other)
    if here is None or there is None:
        return False
    value, image = one.args[here][0], decided(kernel, other.args[there][0])
    reason = by[here]
    if image is None or reason is None:
        return image is not None and kernel.same(value, image)
    return reason.of in RULES.values() and reason.holds(kernel, value, image, "=")


def _chosen(kernel: Kernel, pieces_: sp.Piecewise) -> int | None:
    """The place of the piece whose condition holds; None where that is not known."""
    for place, (_, condition) in enumerate(pieces_.args):
        verdict = holds(kernel, condition)
        if verdict is None:
            return None
        if verdict:
            return place
    return None


def _agree(kernel: Kernel, one: Any, other: Any) -> bool:
    """Whether two conditions say the same."""
    if one == other:
        return True
    if isinstance(one, sp.And) and isinstance(other, sp.And):
        return all(any(_agree(kernel, a, b) for b in other.args) for a in one.args) and all(
            any(_agree(kernel, a, b) for a in one.args) for b in other.args
        )
    if not (isinstance(one, Relational) and isinstance(other, Relational)):
        return False
    strict = {isinstance(each, (sp.Gt, sp.Lt)) for each in (one, other)}
    weak = {isinstance(each, (sp.Ge, sp.Le)) for each in (one, other)}
    if len(strict) != 1 or strict == weak:
        return False
    ratio = (one.gts - one.lts) / (other.gts - other.lts)
    return kernel.has_sign(ratio, "is_positive")


def decided(kernel: Kernel, e: Any) -> Any:
    """``e`` without Piecewise, Max, Min and Abs; None where a sign is not known."""
    if not getattr(e, "args", ()) or is_matrix(e) or isinstance(e, BINDING):
        return e
    if isinstance(e, sp.Piecewise):
        for value, condition in e.args:
            verdict = holds(kernel, condition)
            if verdict is None:
                return None
            if verdict:
                return decided(kernel, value)
        return None
    parts = [decided(kernel, each) for each in e.args]
    if any(each is None for each in parts):
        return None
    if isinstance(e, sp.Abs):
        if kernel.nonnegative(parts[0]):
            return parts[0]
        return -parts[0] if kernel.nonnegative(-parts[0]) else None
    if isinstance(e, (sp.Max, sp.Min)):
        way = 1 if isinstance(e, sp.Max) else -1
        for part in parts:
            if all(kernel.nonnegative(way * (part - other)) for other in parts if other != part):
                return part
        return None
    return e.func(*parts)


def holds(kernel: Kernel, condition: Any) -> bool | None:
    """Whether a condition holds on the whole domain; None where that is not known."""
    if condition in (True, False):
        return bool(condition)
    if isinstance(condition, (sp.And, sp.Or)):
        verdicts = [holds(kernel, each) for each in condition.args]
        ends = isinstance(condition, sp.Or)  # the verdict that decides alone
        if ends in verdicts:
            return ends
        return None if None in verdicts else not ends
    if isinstance(condition, sp.Not):
        verdict = holds(kernel, condition.args[0])
        return None if verdict is None else not verdict
    if isinstance(condition, Relational):
        return _compared(kernel, condition)
    return None


def _compared(kernel: Kernel, condition: Any) -> bool | None:
    """Whether an inequality holds, by the sign of the difference of the sides."""
    if not isinstance(condition, (sp.Gt, sp.Ge, sp.Lt, sp.Le)):
        return None
    large, small = decided(kernel, condition.gts), decided(kernel, condition.lts)
    if large is None or small is None:
        large, small = condition.gts, condition.lts
    if (large.has(sp.Abs) or small.has(sp.Abs)) and all(map(kernel.nonnegative, (large, small))):
        large, small = sp.expand(large**2), sp.expand(small**2)  # in the same order
    strict = isinstance(condition, (sp.Gt, sp.Lt))
    yes, no = ("is_positive", "is_nonnegative") if strict else ("is_nonnegative", "is_positive")
    if kernel.has_sign(large - small, yes):
        return True
    return False if kernel.has_sign(small - large, no) else None
