"""Signs and continuity of a function of one letter between two points; positive factors."""

from typing import Any

import sympy as sp

from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel

#: Functions without a jump or a pole on the whole line.
SMOOTH = (sp.exp, sp.erf, sp.sin, sp.cos, sp.atan, sp.tanh)


def homogeneous(e: Any) -> Any:
    """``e`` with positive factors taken out of each maximum of 0 and out of each step."""

    def split(argument: Any) -> tuple[Any, Any]:
        whole = sp.factor(sp.expand(sp.expand_trig(argument)))
        factors = sp.Mul.make_args(whole)
        sizes = (abs(each) if each.is_number else each for each in factors)
        positive = sp.Mul(*(each for each in sizes if each.is_positive))
        return positive, sp.expand(whole / positive)

    def largest(*args: Any) -> Any:
        others = [each for each in args if each != 0]
        if len(args) != 2 or len(others) != 1:
            return sp.Max(*args)
        positive, rest = split(others[0])
        return positive * sp.Max(0, rest)

    return (
        sp.sympify(e)
        .replace(sp.Max, largest)
        .replace(sp.Heaviside, lambda x, at: sp.Heaviside(split(x)[1], at))
    )


def is_between(kernel: Kernel, low: Any, point: Any, high: Any) -> bool:
    """Whether a point lies in a range, and is none of its ends."""
    if point in (low, high):
        return False
    below = low == -sp.oo or not_negative(kernel, point - low)
    return below and (high == sp.oo or not_negative(kernel, high - point))


def decided(kernel: Kernel, f: Any, x: Any, low: Any, high: Any) -> Any:
    """``f`` between two points, without maxima, steps and absolute values; None where unknown."""
    images = {}
    for each in f.atoms(sp.Max, sp.Heaviside, sp.Abs):
        argument = each.args[0]
        if isinstance(each, sp.Max):
            others = [arg for arg in each.args if arg != 0]
            if len(each.args) != 2 or len(others) != 1:
                continue
            (argument,) = others
        sign = sign_between(kernel, argument, x, low, high)
        if sign is None:
            continue
        if isinstance(each, sp.Heaviside):
            images[each] = sp.Integer(sign > 0)
        elif isinstance(each, sp.Max):
            images[each] = argument if sign > 0 else sp.Integer(0)
        else:
            images[each] = sign * argument
    found = f.xreplace(images)
    return None if found.has(sp.Max, sp.Heaviside, sp.Abs) else found


def sign_between(kernel: Kernel, e: Any, x: Any, low: Any, high: Any) -> int | None:
    """1 where ``e`` is positive between two points, -1 where it is negative; None if unknown.

    A sign that holds but at single points suffices, as these do not change an integral.
    """
    if not e.has(x):
        return _sign_of(kernel, e)
    if isinstance(e, sp.Mul):
        signs = [
            sign_between(kernel, each, x, low, high) if each.has(x) else _sign_of(kernel, each)
            for each in e.args
        ]
        return None if None in signs else int(sp.Mul(*signs))
    if isinstance(e, (sp.cos, sp.sin)):
        return _sign_of_wave(kernel, e, x, low, high)
    t = sp.Symbol("t_between", positive=True)
    if high == sp.oo:
        there = sp.Dummy("t", real=True) if low == -sp.oo else low + t
    else:
        there = high - t if low == -sp.oo else low + (high - low) / (1 + t)
    return _sign_of(kernel, e.subs(x, there))


def _sign_of(kernel: Kernel, e: Any) -> int | None:
    value = kernel.number(as_angles(kernel, e))
    return next((k for k in (1, -1) if equality.has_sign(k * value, "is_positive")), None)


def _sign_of_wave(kernel: Kernel, e: Any, x: Any, low: Any, high: Any) -> int | None:
    """The sign of a cosine or a sine whose argument moves with ``x``, over half of a wave."""
    argument = e.args[0] - (sp.pi / 2 if isinstance(e, sp.sin) else 0)
    if sp.diff(argument, x) != 1:
        return None
    first, last = (sp.expand(argument.subs(x, end)) for end in (low, high))
    for k in range(-3, 4):
        start = (k - sp.Rational(1, 2)) * sp.pi
        if not_negative(kernel, first - start) and not_negative(kernel, start + sp.pi - last):
            return 1 if k % 2 == 0 else -1
    return None


def not_negative(kernel: Kernel, e: Any) -> bool:
    """Whether a number is at least 0, where the arc cosine of a correlation is an angle."""
    return kernel.nonnegative(as_angles(kernel, e))


def as_angles(kernel: Kernel, e: Any) -> Any:
    """``e`` with an angle for the arc cosine of a correlation: pi/(1 + turn), turn >= 0.

    The angle 0 is left out, which a sign that is not strict does not need.
    """
    more = sp.Symbol("turn", nonnegative=True)
    angles = {
        each: sp.pi / (2 if kernel.nonnegative(each.args[0]) else 1) / (1 + more)
        for each in sp.sympify(e).atoms(sp.acos)
        if is_correlation(kernel, each.args[0])
    }
    return sp.sympify(e).xreplace(angles) if len(angles) == 1 else sp.sympify(e)


def is_correlation(kernel: Kernel, e: Any) -> bool:
    """Whether a number lies between -1 and 1."""
    part, letter = sp.sympify(e).as_coeff_Mul()
    for each in kernel.parameters:
        low, high = getattr(each.domain, "low", -sp.oo), getattr(each.domain, "high", sp.oo)
        if each.symbol == letter and abs(part) <= 1 and low >= -1 and high <= 1:
            return True
    return kernel.nonnegative(1 - e) and kernel.nonnegative(1 + e)


def is_continuous(kernel: Kernel, f: Any, x: Any, low: Any, high: Any) -> bool:
    """Whether ``f`` has neither jumps nor poles between two points."""
    if not f.has(x) or f == x:
        return True
    if isinstance(f, (sp.Add, sp.Mul, *SMOOTH)):
        return all(is_continuous(kernel, each, x, low, high) for each in f.args)
    if isinstance(f, (sp.asin, sp.acos)) and sp.diff(f.args[0], x, 2) == 0:
        return all(is_correlation(kernel, f.args[0].subs(x, end)) for end in (low, high))
    if isinstance(f, sp.Pow):
        if not f.base.has(x):
            return bool(f.base.is_positive) and is_continuous(kernel, f.exp, x, low, high)
        if f.exp.has(x) or not is_continuous(kernel, f.base, x, low, high):
            return False
        whole = f.exp.is_Integer and f.exp > 0
        return bool(whole) or sign_between(kernel, f.base, x, low, high) == 1
    if isinstance(f, sp.log):
        inside = is_continuous(kernel, f.args[0], x, low, high)
        return inside and sign_between(kernel, f.args[0], x, low, high) == 1
    return False
