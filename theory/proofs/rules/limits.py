"""Rules of limits: another letter, and the limits of what stands inside."""

from typing import Any

import sympy as sp

from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def by_small_angle(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """A limit for e to 0 from above, or for 1 - e to 1 from below, is that for an angle to 0 from
    above, with 1 - cos of it for e."""
    if relation != "=" or not all(isinstance(side, sp.Limit) for side in (left, right)):
        return False
    (f, gap, *to), (g, angle, *there) = left.args, right.args
    images = {(0, "+"): 1 - sp.cos(angle), (1, "-"): sp.cos(angle)}
    image = images.get((to[0], str(to[1])))
    if image is None or (there[0], str(there[1])) != (0, "+"):
        return False
    if not angle.is_positive or f.has(angle):
        return False
    inside = f.xreplace({gap: image})
    inside = inside.replace(sp.acos, lambda x: angle if x == sp.cos(angle) else sp.acos(x))
    sine = {sp.sqrt(1 - sp.cos(angle) ** 2): sp.sin(angle)}  # between 0 and pi
    return kernel.same(inside.xreplace(sine), g)


@rule
def inside_limits(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The limit of sums, products and powers is that of the limits, where these are finite and,
    under a power that is no whole number of at least 0, positive."""
    if relation != "=" or not isinstance(left, sp.Limit):
        return False
    f, *place = left.args
    stated = sp.sympify(right).atoms(sp.Limit)
    if not stated or any(list(each.args[1:]) != place for each in stated):
        return False
    values = {each: each.doit() for each in stated}
    outside = right.xreplace({each: sp.Dummy() for each in stated})
    if not all(value.is_finite for value in values.values()) or outside.has(place[0]):
        return False
    if not _continuous(right, values):
        return False
    return kernel.same(right.xreplace({each: each.args[0] for each in stated}), f)


def _continuous(e: Any, values: dict[Any, Any]) -> bool:
    """Whether an expression in some limits is continuous where they have their values."""
    if e in values or not any(e.has(each) for each in values):
        return True
    if isinstance(e, sp.Pow) and not any(e.exp.has(each) for each in values):
        whole = e.exp.is_Integer and e.exp >= 0
        return _continuous(e.base, values) and bool(whole or e.base.xreplace(values).is_positive)
    return isinstance(e, (sp.Add, sp.Mul)) and all(_continuous(x, values) for x in e.args)
