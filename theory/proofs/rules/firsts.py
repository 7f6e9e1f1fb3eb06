"""Rules of the first step at which something is small enough."""

from typing import Any

import sympy as sp

from theory.functions.rates import first, largest_over
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import Use, rule


@rule
def smaller_falls_first(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    by: Use,
    of: tuple[Any, Any],
    over: Any,
) -> bool:
    """What is at most something else for every k falls below a number no later.

    ``by`` is a use that gives the inequality ``of`` two numbers, which may stand ``over`` a third:
    a positive one in which k does not stand.
    """
    if relation != "<=" or not (isinstance(left, first) and isinstance(right, first)):
        return False
    (k, condition), (same_k, other) = left.args, right.args
    if k != same_k or k in kernel.images or sp.sympify(over).has(k):
        return False
    if not all(isinstance(each, sp.StrictLessThan) for each in (condition, other)):
        return False
    small, large = of
    return (
        kernel.has_sign(over, "is_positive")
        and kernel.same(condition.rhs, other.rhs)
        and kernel.same(condition.lhs, small / over)
        and kernel.same(other.lhs, large / over)
        and by.holds(kernel, small, large, "<=")
    )


@rule
def power_of_largest(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The largest k-th power of numbers that are not negative is the k-th power of the largest one,
    k not negative."""
    nodes = left.atoms(largest_over)
    if relation != "=" or len(nodes) != 1:
        return False
    (node,) = nodes
    value, lam, *ends = node.args
    if not isinstance(value, sp.Pow) or value.exp.has(lam):
        return False
    if not (value.base.is_extended_nonnegative and value.exp.is_nonnegative):
        return False
    power = largest_over(value.base, lam, *ends) ** value.exp
    return kernel.same(left.xreplace({node: power}), right)


@rule
def first_power_below(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The first k at which f^k < x is floor(ln(1/x)/-ln f) + 1, for 0 <= f < 1 and 0 < x < 1."""
    if relation != "=" or not isinstance(left, first):
        return False
    k, condition = left.args
    if not (isinstance(condition, sp.StrictLessThan) and isinstance(condition.lhs, sp.Pow)):
        return False
    (factor, power), fraction = condition.lhs.args, condition.rhs
    return (
        power == k
        and not factor.has(k)
        and not fraction.has(k)
        and kernel.nonnegative(factor)
        and all(kernel.has_sign(e, "is_positive") for e in (1 - factor, fraction, 1 - fraction))
        and kernel.same(sp.floor(sp.log(1 / fraction) / -sp.log(factor)) + 1, right)
    )
