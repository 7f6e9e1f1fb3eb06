"""Rules of integrals: substitution, symmetry under inversion, elliptic integrals, ranges."""

from typing import Any

import sympy as sp

from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.ranges import is_continuous, not_negative, sign_between
from theory.proofs.rules.pieces import decided
from theory.proofs.uses import Use, rule


@rule
def substituted(kernel: Kernel, left: Any, right: Any, relation: str, by: Any) -> bool:
    """The integral of f from a to b is that of f(g(t)) g'(t) from t = c to d, where g grows from
    a to b.

    ``by`` is g, in the letter of the integral on either side. The integrands must be positive; then
    it is enough that their squares are equal.
    """
    first, second = _integral(left), _integral(right)
    if relation != "=" or first is None or second is None:
        return False
    if by.has(first[2][0]):
        first, second = second, first
    (scale, f, (x, low, high)), (factor, h, (t, start, end)) = first, second
    if f.has(t) or h.has(x) or not not_negative(kernel, end - start):
        return False
    if not all(_covers(kernel, letter, least) for letter, least in ((x, low), (t, start))):
        return False
    slope = sp.diff(by, t)
    return (
        is_continuous(kernel, by, t, start, end)
        and sign_between(kernel, slope, t, start, end) == 1
        and kernel.same(by.subs(t, start), low)
        and kernel.same(by.subs(t, end), high)
        and sign_between(kernel, f, x, low, high) == 1
        and sign_between(kernel, h, t, start, end) == 1
        and _squares_agree(kernel, scale * f.subs(x, by) * slope, factor * h)
        and kernel.has_sign(scale, "is_positive")
        and kernel.has_sign(factor, "is_positive")
    )


@rule
def inverted(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The integral of f from 1/c to c is twice that from 1 to c, where f(z) dz does not change if z
    becomes 1/z: f(1/z)/z^2 is f(z)."""
    first, second = _integral(left), _integral(right)
    if relation != "=" or first is None or second is None:
        return False
    (scale, f, (x, low, high)), (factor, h, (t, start, end)) = first, second
    z = sp.Dummy("z", positive=True)
    here, there = f.subs(x, z), f.subs(x, 1 / z) / z**2
    return (
        start == 1
        and kernel.has_sign(low, "is_positive")
        and kernel.same(low * high, sp.Integer(1))
        and kernel.same(end, high)
        and not_negative(kernel, high - 1)
        and sign_between(kernel, f, x, low, high) == 1
        and _squares_agree(kernel, here, there)
        and kernel.same(h.subs(t, z), here)
        and kernel.same(factor, 2 * scale)
    )


@rule
def complete_elliptic(
    kernel: Kernel, left: Any, right: Any, relation: str, modulus: Any, weights: tuple[Any, Any]
) -> bool:
    """K(m) is the integral of 1/sqrt((1 - s^2)(1 - m s^2)) from 0 to 1, and E(m) that of
    sqrt(1 - m s^2)/sqrt(1 - s^2); m < 1.

    The integrand must be the sum of both with these weights.
    """
    found = _integral(left)
    if relation != "=" or found is None:
        return False
    scale, f, (s, low, high) = found
    root, other = sp.sqrt(1 - s**2), sp.sqrt(1 - modulus * s**2)
    of_k, of_e = weights
    if (low, high) != (0, 1) or any(sp.sympify(each).has(s) for each in (modulus, *weights)):
        return False
    if not kernel.has_sign(1 - modulus, "is_positive"):
        return False
    difference = f * root * other - of_k - of_e * other**2
    value = of_k * sp.elliptic_k(modulus) + of_e * sp.elliptic_e(modulus)
    return kernel.same(difference, sp.Integer(0)) and kernel.same(scale * value, right)


@rule
def no_range(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """An integral whose range starts at a minimum or a maximum is the one from the end that is met,
    and 0 where that is where it ends."""
    if relation != "=" or not isinstance(left, sp.Integral) or len(left.limits) != 1:
        return False
    ((x, low, high),) = left.limits
    starts = decided(kernel, low)
    there = decided(kernel, right)
    if starts is None or there is None:
        return False
    if kernel.same(starts, high):
        return kernel.same(there, sp.Integer(0))
    return bool(sp.Integral(left.function, (x, starts, high)) == there)


@rule
def in_the_piece(kernel: Kernel, left: Any, right: Any, relation: str, by: Use) -> bool:
    """Two expressions in pieces are equal where the pieces that are met are, one by one."""
    here, there = decided(kernel, left), decided(kernel, right)
    if relation != "=" or here is None or there is None:
        return False
    if not here.has(sp.Integral) and not there.has(sp.Integral):
        return kernel.same(here, there)
    return by.holds(kernel, here, there, "=")


def _integral(e: Any) -> tuple[Any, Any, tuple[Any, Any, Any]] | None:
    """A number, f and its range, of a multiple of one integral over one letter."""
    integrals = [each for each in sp.Mul.make_args(e) if isinstance(each, sp.Integral)]
    if len(integrals) != 1 or len(integrals[0].limits) != 1:
        return None
    (whole,) = integrals
    scale, limits = e / whole, whole.limits[0]
    if len(limits) != 3 or scale.has(sp.Integral) or scale.has(limits[0]):
        return None
    return scale, whole.function, tuple(limits)


def _covers(kernel: Kernel, letter: Any, least: Any) -> bool:
    """Whether a letter's signs admit all values from ``least`` on."""
    return letter.is_real and (not letter.is_nonnegative or kernel.nonnegative(least))


def _squares_agree(kernel: Kernel, one: Any, other: Any) -> bool:
    """Whether two positive numbers are equal."""
    ratio = sp.factor(kernel.number(one**2)) / sp.factor(kernel.number(other**2))
    return equality.vanishes(sp.factor(ratio) - 1)
