"""Rules of integrals: in pieces, by an antiderivative, in polar coordinates, one after another."""

from itertools import pairwise
from typing import Any

import sympy as sp

from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.ranges import (
    decided,
    homogeneous,
    is_between,
    is_continuous,
    not_negative,
    sign_between,
)
from theory.proofs.uses import rule


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
    if not is_continuous(kernel, of, letter, low, high):
        return False
    if not equality.vanishes(sp.diff(of, letter) - left.function):
        return False
    stated = {each: each.doit() for each in sp.sympify(right).atoms(sp.Limit)}
    ends = _end(of, letter, high, "-") - _end(of, letter, low, "+")
    return kernel.same(ends, right.xreplace(stated))


@rule
def by_parts(kernel: Kernel, left: Any, right: Any, relation: str, of: Any) -> bool:
    """The integral of f is F at one end less F at the other, plus the integral of g over the same
    range, where f = F' + g and F neither jumps nor has a pole."""
    rest = sp.sympify(right).atoms(sp.Integral)
    if relation != "=" or not isinstance(left, sp.Integral) or len(rest) != 1:
        return False
    (kept,) = rest
    factor = right.coeff(kept)
    if kept.limits != left.limits or len(left.limits) != 1 or factor.has(left.limits[0][0]):
        return False
    ends = sp.expand(right - factor * kept)
    moved = sp.Integral(left.function - factor * kept.function, *left.limits)
    return not ends.has(sp.Integral) and antiderivative(of=of).holds(kernel, moved, ends, "=")


@rule
def integral_gap(kernel: Kernel, left: Any, right: Any, relation: str, is_: Any, of: Any) -> bool:
    """The larger side exceeds the smaller by an integral of what is not negative on its range.

    ``is_`` is the integral, ``of`` an antiderivative.
    """
    if relation not in ("<=", ">=") or not isinstance(is_, sp.Integral):
        return False
    ((letter, low, high),) = is_.limits
    difference = right - left if relation == "<=" else left - right
    if not not_negative(kernel, high - low):
        return False
    above = sign_between(kernel, is_.function, letter, low, high) == 1
    return above and antiderivative(of=of).holds(kernel, is_, difference, "=")


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
    if {r, phi} & set(kernel.images):  # they would not take all values
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
        points = [low, *(p for p in at if is_between(kernel, low, p, high)), high]
        for a, b in pairwise(points):
            inside = decided(kernel, found.function, x, a, b)
            if inside is None:
                return None
            inside = coefficient * inside.xreplace({x: letter})
            total[a, b] = total.get((a, b), sp.Integer(0)) + inside
    return {piece: value for piece, value in total.items() if piece is None or value != 0}


def _end(f: Any, x: Any, end: Any, side: str) -> Any:
    value = f.subs(x, end) if abs(end) != sp.oo else sp.nan
    return sp.limit(f, x, end, side) if value.has(sp.nan, sp.zoo, sp.oo) else value
