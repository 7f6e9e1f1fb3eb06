"""Rules of integrals over functions that are zero outside a range."""

from typing import Any

import sympy as sp

from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def support_of_a_product(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """What is f(x) for x < a, times g(x) for c/x < b, and else 0, has over x > 0 the integral of f
    g from c/b to a, which is 0 where c/b > a.

    a, b and c are positive, and the new integral is from min(c/b, a) to a.
    """
    if relation != "=" or not all(isinstance(each, sp.Integral) for each in (left, right)):
        return False
    if len(left.limits) != 1 or len(left.limits[0]) != 3 or len(right.limits) != 1:
        return False
    (x, start, end), inside = left.limits[0], sp.Integer(1)
    if (start, end) != (0, sp.oo) or x in kernel.images or not x.is_positive:
        return False
    ends: dict[str, Any] = {}
    factors = [*sp.Mul.make_args(left.function)]
    while factors:
        factor = factors.pop()
        known = factor.doit() if isinstance(factor, sp.Subs) else factor
        if not isinstance(known, sp.Piecewise):
            inside *= known
            continue
        found = _end(known, x)
        if found is None or found[0] in ends:
            return False
        ends |= dict([found])
        factors += sp.Mul.make_args(known.args[0][0])
    if set(ends) != {"low", "high"}:
        return False
    low, high = ends["low"], ends["high"]
    if not all(kernel.has_sign(each, "is_positive") for each in (low, high)):
        return False
    return bool(right == sp.Integral(inside, (x, sp.Min(low, high), high)))


def _end(piece: sp.Piecewise, x: Any) -> tuple[str, Any] | None:
    """Where a function that is else zero begins ("low") or ends ("high"); None where it has another
    form."""
    if len(piece.args) != 2 or piece.args[1] != (0, True):
        return None
    condition = piece.args[0][1]
    if not isinstance(condition, (sp.Lt, sp.Gt)):
        return None
    less, more = condition.lts, condition.gts
    if less == x and not more.has(x):
        return "high", more
    scale = sp.cancel(less * x)
    if scale.has(x) or more.has(x) or not (scale.is_positive and more.is_positive):
        return None
    return "low", scale / more
