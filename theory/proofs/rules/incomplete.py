"""Rules of incomplete integrals: a range turned round, the incomplete beta function."""

from typing import Any

import sympy as sp

from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def mirrored(kernel: Kernel, left: Any, right: Any, relation: str, about: Any) -> bool:
    """The integral of f(x) from a to b is that of f(c - x) from c - b to c - a."""
    if relation != "=" or not all(isinstance(side, sp.Integral) for side in (left, right)):
        return False
    if len(left.limits) != 1 or len(right.limits) != 1:
        return False
    ((x, low, high),), ((t, start, end),) = left.limits, right.limits
    if sp.sympify(about).has(x, t) or (t != x and left.function.has(t)):
        return False
    place = sp.Dummy("place", real=True)
    return (
        kernel.same(start, about - high)
        and kernel.same(end, about - low)
        and equality.vanishes(left.function.subs(x, about - place) - right.function.subs(t, place))
    )


@rule
def incomplete_beta(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The regularised incomplete beta function I_z(a, b), with a and b positive, is the integral of
    t^(a - 1) (1 - t)^(b - 1) from 0 to z over Beta(a, b): its definition."""
    if relation != "=" or not isinstance(left, sp.Integral) or len(left.limits) != 1:
        return False
    if not isinstance(right, sp.betainc_regularized):
        return False
    ((x, low, high),), (a, b, start, end) = left.limits, right.args
    t = sp.Dummy("t", positive=True)
    scale = sp.gamma(a + b) / (sp.gamma(a) * sp.gamma(b))
    density = scale * t ** (a - 1) * (1 - t) ** (b - 1)
    return (
        low == start == 0
        and kernel.same(high, end)
        and all(kernel.has_sign(each, "is_positive") for each in (a, b))
        and kernel.same(left.function.subs(x, t) / density, sp.Integer(1))
    )
