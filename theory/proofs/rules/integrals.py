"""Rules of integrals: symmetry, Euler's two integrals, what stands under an integral."""

from collections.abc import Callable
from typing import Any

import sympy as sp

from theory.proofs.kernel import equality
from theory.proofs.kernel.binding import under_a_slope
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import RULES, Use, rule


@rule
def even(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The integral of an even function from -c to c is twice its integral from 0 to c.

    One integral stands on either side; its letter may have another name, and be positive, on the
    right.
    """
    first, second = _single(left), _single(right)
    if relation != "=" or first is None or second is None:
        return False
    ((x, low, high),), ((t, start, end),) = first.limits, second.limits
    part = sp.Dummy("part", real=True)
    size = sp.Dummy("size", positive=True)
    both = [first.function.subs(x, sign * size) for sign in (1, -1)]
    return (
        start == 0
        and low == -high
        and end == high
        and all(kernel.same(each, second.function.subs(t, size)) for each in both)
        and kernel.same(left.xreplace({first: 2 * part}), right.xreplace({second: part}))
    )


@rule
def gamma_function(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The integral of x^a exp(-b x^k) over all x > 0 is Gamma((a + 1)/k)/(k b^((a + 1)/k)), where
    a + 1, b and k are positive."""
    return _worked_out(kernel, left, right, relation, _gamma)


@rule
def beta_function(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The integral of x^a (1 - x^k)^b from 0 to 1 is Beta((a + 1)/k, b + 1)/k, where a + 1, b + 1
    and k are positive."""
    return _worked_out(kernel, left, right, relation, _beta)


@rule
def replaced(
    kernel: Kernel, left: Any, right: Any, relation: str, part: Any, is_: Any, by: Use
) -> bool:
    """Equals stand for equals: where a rule says that a part of an expression is another, also
    under an integral, the whole is the same with the other in its place.

    The letter of an integral may be positive where the integral starts at 0 or above.
    """
    if relation != "=" or not isinstance(by, Use) or by.of not in RULES.values():
        return False
    if not left.has(part) or under_a_slope(left, part):
        return False
    if left.xreplace({part: is_}) != right:
        return False
    bound = [limits for each in left.atoms(sp.Integral) for limits in each.limits]
    for letter, low, _ in bound:
        if letter.is_positive and not kernel.nonnegative(low):
            return False
    return by.holds(kernel, part, is_, "=")


def _single(expression: Any) -> Any:
    """The integral in an expression, where it has one, in one letter."""
    found = sp.sympify(expression).atoms(sp.Integral)
    if len(found) != 1:
        return None
    (only,) = found
    return only if len(only.limits) == 1 and len(only.limits[0]) == 3 else None


def _worked_out(
    kernel: Kernel, left: Any, right: Any, relation: str, value: Callable[..., Any]
) -> bool:
    """Whether ``right`` is ``left`` with its integral replaced by its ``value``."""
    whole = _single(left)
    found = value(kernel, whole) if whole is not None else None
    if relation != "=" or found is None:
        return False
    difference = kernel.number(left.xreplace({whole: found})) - kernel.number(right)
    return equality.vanishes(difference) or equality.vanishes(sp.expand_func(difference))


def _gamma(kernel: Kernel, whole: sp.Integral) -> Any:
    ((letter, low, high),) = whole.limits
    if low != 0 or high != sp.oo:
        return None
    x = sp.Dummy("x", positive=True)
    f = kernel.number(whole.function.subs(letter, x))
    constant, rest = _rate(f, x).as_independent(x, as_Add=True)
    factor, power = rest.as_independent(x, as_Add=False)
    _, k = power.as_base_exp()
    if not power.has(x) or power != x**k:
        return None
    a, b = constant, -factor / k
    outside = sp.simplify(f / (x**a * sp.exp(-b * x**k)))
    if outside.has(x) or not all(kernel.has_sign(each, "is_positive") for each in (a + 1, b, k)):
        return None
    share = (a + 1) / k
    return outside * sp.gamma(share) / (k * b**share)


def _beta(kernel: Kernel, whole: sp.Integral) -> Any:
    ((letter, low, high),) = whole.limits
    if low != 0 or high != 1:
        return None
    x = sp.Dummy("x", positive=True)
    f = kernel.number(whole.function.subs(letter, x))
    for k in (1, 2):
        terms = sp.expand(sp.simplify(_rate(f, x) * (1 - x**k)))
        a, factor = terms.subs(x, 0), terms.coeff(x, k)
        if not equality.vanishes(terms - a - factor * x**k):
            continue
        b = sp.simplify(-(factor + a) / k)
        outside = sp.simplify(f / (x**a * (1 - x**k) ** b))
        positive = all(kernel.has_sign(each, "is_positive") for each in (a + 1, b + 1))
        if positive and not outside.has(x):
            first, second = (a + 1) / k, b + 1
            return outside * sp.gamma(first) * sp.gamma(second) / (k * sp.gamma(first + second))
    return None


def _rate(f: Any, x: Any) -> Any:
    """X f'/f: for a product of powers and exponentials a sum without either."""
    return sp.expand(sp.simplify(x * sp.diff(f, x) / f))
