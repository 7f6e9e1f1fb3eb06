"""Rules of limits: another letter, and the limits of what stands inside."""

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

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


@rule
def by_slopes(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The limit of f(x)/x^n at 0 is the n-th slope of f there over n!, if f and its slopes of
    lower order are 0 there (Taylor).

    f must be smooth: sums, products and whole powers of x and of functions that are any smooth
    ones.
    """
    if relation != "=" or not isinstance(left, sp.Limit):
        return False
    inside, x, to, _ = left.args
    powers = [each for each in sp.Mul.make_args(inside) if each.is_Pow and each.base == x]
    if to != 0 or len(powers) != 1 or x in {*kernel.images, *kernel.kinds}:
        return False
    f, order = inside / powers[0], -powers[0].exp
    if not (order.is_Integer and order > 0) or not _is_smooth(f, x):
        return False

    def slope(n: int) -> Any:
        return sp.Subs(sp.Derivative(f, (x, n)), x, 0) if n else f.subs(x, 0)

    nothing = all(kernel.same(slope(n), sp.Integer(0)) for n in range(int(order)))
    return nothing and kernel.same(slope(int(order)) / sp.factorial(order), right)


def _is_smooth(e: Any, x: Any) -> bool:
    """Whether ``e`` is made of x, of any smooth functions and their slopes by sums, products and
    whole powers."""
    if e == x or not e.has(x):
        return True
    if isinstance(e, sp.Pow):
        return bool(e.exp.is_Integer and e.exp > 0) and _is_smooth(e.base, x)
    if isinstance(e, (sp.Derivative, sp.Subs)):
        inner = e.args[0].args[0] if isinstance(e, sp.Subs) else e.args[0]
        places = e.args[2] if isinstance(e, sp.Subs) else ()
        return isinstance(inner, AppliedUndef) and all(
            _is_smooth(each, x) for each in (*inner.args, *places)
        )
    allowed = isinstance(e, (sp.Add, sp.Mul, AppliedUndef))
    return allowed and all(_is_smooth(each, x) for each in e.args)


def _continuous(e: Any, values: dict[Any, Any]) -> bool:
    """Whether an expression in some limits is continuous where they have their values."""
    if e in values or not any(e.has(each) for each in values):
        return True
    if isinstance(e, sp.Pow) and not any(e.exp.has(each) for each in values):
        whole = e.exp.is_Integer and e.exp >= 0
        return _continuous(e.base, values) and bool(whole or e.base.xreplace(values).is_positive)
    return isinstance(e, (sp.Add, sp.Mul)) and all(_continuous(x, values) for x in e.args)
