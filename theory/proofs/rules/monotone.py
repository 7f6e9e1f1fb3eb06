"""An inequality inside an expression that grows, or falls, with what is replaced."""

from typing import Any

import sympy as sp

from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import Use, rule

INSIDE = sp.Symbol("any_x", real=True)


@rule
def grows_inside(
    kernel: Kernel, left: Any, right: Any, relation: str, old: Any, new: Any, by: Use
) -> bool:
    """Where f grows, f(a) <= f(b) follows from a <= b; where f falls, f(a) >= f(b).

    ``by`` is what gives old <= new, or old >= new. Sums, products of what is not negative,
    reciprocals of what is positive, roots, Max and Min of what grows grow; each sign is looked at
    where the expression is smallest, at one of the two ends.
    """
    replaced = left.subs(old, INSIDE)
    if relation not in ("<=", ">=") or not replaced.has(INSIDE):
        return False
    if not kernel.same(replaced.xreplace({INSIDE: old}), left):
        return False
    rises = by.holds(kernel, old, new, "<=")
    if not rises and not by.holds(kernel, old, new, ">="):
        return False
    ends = (old, new) if rises else (new, old)
    way = _way(kernel, replaced, ends)
    if way is None:
        return False
    wanted = way if rises else -way
    agrees = wanted == 0 or (wanted > 0) == (relation == "<=")
    return agrees and kernel.same(replaced.xreplace({INSIDE: new}), right)


def _way(kernel: Kernel, f: Any, ends: tuple[Any, Any]) -> int | None:
    """1 where f grows between two ends, -1 where it falls, 0 where it is constant; None where
    that is not seen."""
    if not f.has(INSIDE):
        return 0
    if f == INSIDE:
        return 1
    if isinstance(f, (sp.Add, sp.Max, sp.Min)):
        return _common(_way(kernel, each, ends) for each in f.args)
    if isinstance(f, sp.Mul):
        return _of_product(kernel, f, ends)
    if isinstance(f, sp.Pow) and f.exp.is_Rational:
        way = _way(kernel, f.base, ends)
        sign = "is_nonnegative" if f.exp > 0 else "is_positive"
        if way is None or not _has_sign(kernel, f.base, way, ends, sign):
            return None
        return way if f.exp > 0 else -way
    return None


def _of_product(kernel: Kernel, f: Any, ends: tuple[Any, Any]) -> int | None:
    """A product: of what is constant and of either sign, and of what is not negative."""
    constant, moving = f.as_independent(INSIDE, as_Add=False)
    factors = sp.Mul.make_args(moving)
    ways = [_way(kernel, each, ends) for each in factors]
    if len(factors) > 1 and not all(
        way is not None and _has_sign(kernel, each, way, ends, "is_nonnegative")
        for each, way in zip(factors, ways, strict=True)
    ):
        return None
    way = _common(ways)
    if way is None or kernel.nonnegative(constant):
        return way
    return -way if kernel.nonnegative(-constant) else None


def _common(ways: Any) -> int | None:
    found = set(ways) - {0}
    if not found:
        return 0
    return found.pop() if len(found) == 1 else None


def _has_sign(kernel: Kernel, f: Any, way: int, ends: tuple[Any, Any], sign: str) -> bool:
    """The sign of what grows or falls, at the end where it is smallest."""
    smallest = f.xreplace({INSIDE: ends[0] if way >= 0 else ends[1]})
    return kernel.has_sign(smallest, sign)
