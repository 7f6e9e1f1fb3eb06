"""Rules used on a part: under a limit, or on what stands in one place of an expression."""

from typing import Any

import sympy as sp

from theory.functions.large import tends_to
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import RULES, Use, rule


@rule
def under_limit(kernel: Kernel, left: Any, right: Any, relation: str, by: Use) -> bool:
    """Where a rule makes equal what stands under a limit, at every size, the limits are equal."""
    old, new = (each.atoms(sp.Limit, tends_to) for each in (left, right))
    if relation != "=" or len(old) != 1 or len(new) != 1 or by.of not in RULES.values():
        return False
    (one,), (other,) = old, new
    if one.args[1:] != other.args[1:] or one.args[1] in kernel.images:
        return False
    same = left.xreplace({one: other}) == right
    return same and by.holds(kernel, one.args[0], other.args[0], "=")


@rule
def in_place(
    kernel: Kernel, left: Any, right: Any, relation: str, of: Any, is_: Any, by: Use
) -> bool:
    """Equals may replace equals: what a rule says of a part is said of the whole.

    ``of`` is the part of ``left``, which stands under no limit, sum or integral; ``is_`` what it
    is, ``by`` the rule that says this.
    """
    if relation != "=" or not left.has(of) or by.of not in RULES.values():
        return False
    bound = {
        letter
        for each in left.atoms(sp.Integral, sp.Sum, sp.Limit)
        if each != of and each.has(of)
        for letter in each.args[1:]
    }
    return not bound and by.holds(kernel, of, is_, "=") and left.xreplace({of: is_}) == right
