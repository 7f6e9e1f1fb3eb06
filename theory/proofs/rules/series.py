"""The rule of series: where the inverse of a function ceases to be analytic."""

from typing import Any

import sympy as sp

from theory.functions.heads_of_series import inverse_radius
from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def radius(kernel: Kernel, left: Any, right: Any, relation: str, at: Any) -> bool:
    """The series that solves w = z phi(w), of a phi without negative coefficients, converges up to
    the z at which w/phi(w) ceases to grow with w.

    It has no negative coefficients either, so that it ends on the positive line (Pringsheim). Up to
    there the slope of z in w is positive, and where the slope is zero it has no inverse. ``at`` is
    that w; phi is a power of 1 + w, to a whole number of at least 2.
    """
    if relation != "=" or not isinstance(left, inverse_radius):
        return False
    phi = left.args[0]
    (w,) = phi.signature
    base, power = sp.sympify(phi.expr).as_base_exp()
    if base != 1 + w or not power.is_integer or not kernel.nonnegative(power - 2):
        return False
    if not kernel.has_sign(at, "is_positive"):
        return False
    slope = sp.factor(sp.simplify(sp.diff(w / phi.expr, w)))
    t = sp.Symbol("t_before", positive=True)
    before = sp.factor(sp.simplify(slope.subs(w, at / (1 + t))))
    if not equality.vanishes(slope.subs(w, at)):
        return False
    if not equality.has_sign(kernel.number(before), "is_positive"):
        return False
    return kernel.same((w / phi.expr).subs(w, at), right)
