"""Rules of integrals: in pieces, by an antiderivative, in polar coordinates, one after another."""

from typing import Any

import sympy as sp

from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule

#: Functions without a jump or a pole on the whole line.
SMOOTH = (sp.exp, sp.erf, sp.sin, sp.cos, sp.atan, sp.tanh)


@rule
def cut(kernel: Kernel, left: Any, right: Any, relation: str, at: tuple[Any, ...]) -> bool:
    """An integral is the sum of those over pieces of its range, in each of which a maximum, a step
    or an absolute value is decided by signs.

    The pieces are cut ``at`` these points. Integrals over the same piece are compared together.
    """
    sides = sp.sympify(left), sp.sympify(right)
    if relation != "=" or not sides[0].has(sp.Integral):
        return False
    here, there = (_in_pieces(kernel, side, at) for side in sides)
    if here is None or there is None or set(here) != set(there):
        return False
    return all(kernel.same(homogeneous(here[piece]), homogeneous(there[piece])) for piece in here)


@rule
def antiderivative(kernel: Kernel, left: Any, right: Any, relation: str, of: Any) -> bool:
    """The integral of f is F at one end less F at the other, where F has the slope f and neither
    jumps nor has a pole between them."""
    if relation != "=" or not isinstance(left, sp.Integral) or len(left.limits) != 1:
        return False
    ((letter, low, high),) = left.limits
    if not _continuous(kernel, of, letter, low, high):
        return False
    if not equality.vanishes(sp.diff(of, letter) - left.function):
        return False
    stated = {each: each.doit() for each in sp.sympify(right).atoms(sp.Limit)}
    ends = _end(of, letter, high, "-") - _end(of, letter, low, "+")
    return kernel.same(ends, right.xreplace(stated))


@rule
def polar(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The integral of f over the plane is that of r f(r cos phi, r sin phi) over r > 0 and a whole
    turn of phi."""
    if relation != "=" or not all(isinstance(side, sp.Integral) for side in (left, right)):
        return False
    if len(left.limits) != 2 or len(right.limits) != 2:
        return False
    (x, *over_x), (y, *over_y) = left.limits
    (r, *over_r), (phi, low, high) = right.limits
    line = [-sp.oo, sp.oo]
    if over_x != line or over_y != line or over_r != [0, sp.oo] or high - low != 2 * sp.pi:
        return False
    if not (r.is_positive and phi.is_real) or left.free_symbols & {r, phi}:
        return False
    there = left.function.xreplace({x: r * sp.cos(phi), y: r * sp.sin(phi)}) * r
    return kernel.same(homogeneous(there), homogeneous(right.function))


@rule
def separated(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The integral over two letters of a product of a function of each is the product of the
    integrals, where the range of neither depends on the other."""
    if relation != "=" or not isinstance(left, sp.Integral) or len(left.limits) != 2:
        return False
    factors = sp.Mul.make_args(right)
    integrals = [each for each in factors if isinstance(each, sp.Integral)]
    if len(integrals) != 2 or any(len(each.limits) != 1 for each in integrals):
        return False
    limits = {each.limits[0] for each in integrals}
    letters = {each[0] for each in limits}
    if limits != set(left.limits) or any(end.has(*letters) for _, *ends in limits for end in ends):
        return False
    for one, other in (integrals, integrals[::-1]):
        if one.function.has(other.limits[0][0]):
            return False
    rest = sp.Mul(*(each for each in factors if each not in integrals))
    product = rest * integrals[0].function * integrals[1].function
    if rest.has(*letters):
        return False
    return kernel.same(homogeneous(left.function), homogeneous(product))


def homogeneous(e: Any) -> Any:
    """``e`` with positive factors taken out of each maximum of 0 and out of each step."""

    def split(argument: Any) -> tuple[Any, Any]:
        whole = sp.factor(sp.expand(sp.expand_trig(argument)))
        factors = sp.Mul.make_args(whole)
        positive = sp.Mul(*(each for each in factors if each.is_positive))
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


def _in_pieces(kernel: Kernel, e: Any, at: tuple[Any, ...]) -> dict[Any, Any] | None:
    """{(low, high): the integrand in all} of a sum of integrals, with letter t; its rest at None.

    None where ``e`` is no such sum, or a sign is not known.
    """
    letter = sp.Symbol("t_in_pieces", real=True)
    total: dict[Any, Any] = {None: sp.Integer(0)}
    for term in sp.Add.make_args(sp.expand(e)):
        factors = sp.Mul.make_args(term)
        integrals = [each for each in factors if each.has(sp.Integral)]
        if not integrals:
            total[None] += term
            continue
        if len(integrals) != 1 or not isinstance(integrals[0], sp.Integral):
            return None
        (found,) = integrals
        if len(found.limits) != 1 or len(found.limits[0]) != 3:
            return None
        ((x, low, high),) = found.limits
        coefficient = term / found
        points = [low, *(p for p in at if _between(kernel, low, p, high)), high]
        for a, b in zip(points, points[1:], strict=False):
            inside = _decided(kernel, found.function, x, a, b)
            if inside is None:
                return None
            inside = coefficient * inside.xreplace({x: letter})
            total[a, b] = total.get((a, b), sp.Integer(0)) + inside
    return {piece: value for piece, value in total.items() if piece is None or value != 0}


def _between(kernel: Kernel, low: Any, point: Any, high: Any) -> bool:
    """Whether a point lies in a range, and is none of its ends."""
    if point in (low, high):
        return False
    below = low == -sp.oo or _not_negative(kernel, point - low)
    return below and (high == sp.oo or _not_negative(kernel, high - point))


def _decided(kernel: Kernel, f: Any, x: Any, low: Any, high: Any) -> Any:
    """``f`` between two points, without maxima, steps and absolute values; None where unknown."""
    images = {}
    for each in f.atoms(sp.Max, sp.Heaviside, sp.Abs):
        argument = each.args[0]
        if isinstance(each, sp.Max):
            others = [arg for arg in each.args if arg != 0]
            if len(each.args) != 2 or len(others) != 1:
                return None
            (argument,) = others
        sign = _sign_between(kernel, argument, x, low, high)
        if sign is None:
            return None
        if isinstance(each, sp.Heaviside):
            images[each] = sp.Integer(sign > 0)
        elif isinstance(each, sp.Max):
            images[each] = argument if sign > 0 else sp.Integer(0)
        else:
            images[each] = sign * argument
    return f.xreplace(images)


def _sign_between(kernel: Kernel, e: Any, x: Any, low: Any, high: Any) -> int | None:
    """1 where ``e`` is positive between two points, -1 where it is negative; None if unknown.

    A sign that holds but at single points suffices, as these do not change an integral.
    """
    if not e.has(x):
        return None
    if isinstance(e, (sp.cos, sp.sin)):
        return _sign_of_wave(kernel, e, x, low, high)
    t = sp.Symbol("t_between", positive=True)
    if high == sp.oo:
        there = t if low == -sp.oo else low + t
    else:
        there = high - t if low == -sp.oo else low + (high - low) / (1 + t)
    value = kernel.number(e.subs(x, there))
    for sign in (1, -1):
        if equality.has_sign(sign * value, "is_positive"):
            return sign
    return None


def _sign_of_wave(kernel: Kernel, e: Any, x: Any, low: Any, high: Any) -> int | None:
    """The sign of a cosine or a sine whose argument moves with ``x``, over half of a wave."""
    argument = e.args[0] - (sp.pi / 2 if isinstance(e, sp.sin) else 0)
    if sp.diff(argument, x) != 1:
        return None
    first, last = (sp.expand(argument.subs(x, end)) for end in (low, high))
    for k in range(-3, 4):
        start = (k - sp.Rational(1, 2)) * sp.pi
        if _not_negative(kernel, first - start) and _not_negative(kernel, start + sp.pi - last):
            return 1 if k % 2 == 0 else -1
    return None


def _not_negative(kernel: Kernel, e: Any) -> bool:
    """Whether a number is at least 0, where the arc cosine of a correlation is an angle."""
    more = sp.Symbol("turn", nonnegative=True)
    angles = {
        each: sp.pi / (1 + more)
        for each in sp.sympify(e).atoms(sp.acos)
        if _is_correlation(kernel, each.args[0])
    }
    if len(angles) > 1:
        return False
    return kernel.nonnegative(sp.sympify(e).xreplace(angles))


def _is_correlation(kernel: Kernel, e: Any) -> bool:
    """Whether a number lies between -1 and 1."""
    for each in kernel.parameters:
        low, high = getattr(each.domain, "low", -sp.oo), getattr(each.domain, "high", sp.oo)
        if each.symbol == e and low >= -1 and high <= 1:
            return True
    return kernel.nonnegative(1 - e) and kernel.nonnegative(1 + e)


def _continuous(kernel: Kernel, f: Any, x: Any, low: Any, high: Any) -> bool:
    """Whether ``f`` has neither jumps nor poles between two points."""
    if not f.has(x) or f == x:
        return True
    if isinstance(f, (sp.Add, sp.Mul, *SMOOTH)):
        return all(_continuous(kernel, each, x, low, high) for each in f.args)
    if isinstance(f, sp.Pow):
        if not f.base.has(x):
            return bool(f.base.is_positive) and _continuous(kernel, f.exp, x, low, high)
        if f.exp.has(x) or not _continuous(kernel, f.base, x, low, high):
            return False
        whole = f.exp.is_Integer and f.exp > 0
        return bool(whole) or _sign_between(kernel, f.base, x, low, high) == 1
    if isinstance(f, sp.log):
        inside = _continuous(kernel, f.args[0], x, low, high)
        return inside and _sign_between(kernel, f.args[0], x, low, high) == 1
    return False


def _end(f: Any, x: Any, end: Any, side: str) -> Any:
    value = f.subs(x, end) if abs(end) != sp.oo else sp.nan
    return sp.limit(f, x, end, side) if value.has(sp.nan, sp.zoo, sp.oo) else value
