"""Rules of integrals over one letter: another letter in its place, antiderivatives in a claim's
coordinates, recursions, and the scale of a letter that goes to infinity.

An expression may be a number times one integral.
"""

from typing import Any

import sympy as sp

from theory.proofs.kernel import equality, roots
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.ranges import is_continuous
from theory.proofs.rules.pieces import decided
from theory.proofs.uses import rule

#: The tangent of half an angle from 0 to pi.
HALF = sp.Symbol("any_tangent", positive=True)


@rule
def substitution(kernel: Kernel, left: Any, right: Any, relation: str, image: Any) -> bool:
    """An integral over x is the one over t of f(x(t)) |x'(t)|, where x(t) goes from one end to the
    other and never back.

    ``image`` is x(t). An angle t from 0 to pi is read by the tangent of its half.
    """
    old, new = scaled_integral(left), scaled_integral(right)
    if relation != "=" or old is None or new is None:
        return False
    (x, low, high), (t, start, end) = old[1].limits[0], new[1].limits[0]
    if x in kernel.images or t in kernel.images or t in right.free_symbols:
        return False
    if t in left.free_symbols:  # it would be taken for the letter of the new integral
        return False
    first, last = (
        sp.limit(kernel.number(image), t, place, side) for place, side in ((start, "+"), (end, "-"))
    )
    upwards = kernel.same(first, low) and kernel.same(last, high)
    downwards = kernel.same(first, high) and kernel.same(last, low)
    slope = sp.diff(image, t) * (1 if upwards else -1)
    if not (upwards or downwards) or not is_continuous(kernel, image, t, start, end):
        return False
    if not kernel.nonnegative(_by_tangent(slope, new[1])):
        return False
    here = old[0] * old[1].function.xreplace({x: image}) * slope
    return _same_factors(kernel, here, new[0] * new[1].function, new[1])


@rule
def antiderivative_in_coordinates(
    kernel: Kernel, left: Any, right: Any, relation: str, of: Any
) -> bool:
    """The integral of f is F at one end less F at the other, where F has the slope f, neither jumps
    nor has a pole between them.

    ``of`` is F; both are read in the coordinates of the claim. A number may stand before it.
    """
    taken = scaled_integral(left)
    if relation != "=" or taken is None:
        return False
    factor, total = taken
    ((x, low, high),) = total.limits
    if x in kernel.images:
        return False
    F, f = kernel.number(of), kernel.number(total.function)
    if not is_continuous(kernel, F, x, low, high):
        return False
    if not equality.vanishes(roots.factored(sp.diff(F, x) - f)):
        return False
    ends = sp.limit(F, x, high, "-") - sp.limit(F, x, low, "+")
    return bool(kernel.same(factor * ends, right))


@rule
def antiderivative_along(
    kernel: Kernel, left: Any, right: Any, relation: str, of: Any, image: Any, letter: Any
) -> bool:
    """The integral of f from the beginning of a path to its end, or to a place between them, is
    what F gains, where F has the slope f along the path, and neither jumps nor has a pole.

    ``of`` is F in the letter of the integral, ``image`` the path in ``letter``, which is positive
    and goes from 0 to infinity.
    """
    if relation != "=" or not isinstance(left, sp.Integral) or not letter.is_positive:
        return False
    ((x, low, high),) = left.limits
    F = decided(kernel, of)
    if F is None or {x, letter} & set(kernel.images):
        return False
    if letter in left.free_symbols or letter in right.free_symbols:
        return False
    path = kernel.number(image)
    along = [_by_quotients(kernel, each.xreplace({x: image})) for each in (F, left.function)]
    if not equality.vanishes(sp.diff(along[0], letter) - along[1] * sp.diff(path, letter)):
        return False
    if not is_continuous(kernel, along[0], letter, sp.Integer(0), sp.oo):
        return False
    begin, end = sp.limit(path, letter, 0, "+"), sp.limit(path, letter, sp.oo)
    if not kernel.same(begin, low):
        return False
    start = _at_end(along[0], letter, sp.Integer(0))
    if kernel.same(end, high):
        return bool(kernel.same(_at_end(along[0], letter, sp.oo) - start, right))
    between = all(kernel.has_sign(each, "is_positive") for each in (high - low, end - high))
    last = _by_quotients(kernel, F.xreplace({x: high}))
    there = decided(kernel, right)
    return between and there is not None and kernel.same(last - start, _by_quotients(kernel, there))


def _by_quotients(kernel: Kernel, function: Any) -> Any:
    """In coordinates, with atan2(y, x), x > 0, as the inverse tangent of y/x."""
    plain = roots.factored(kernel.number(function))
    plain = plain.replace(
        lambda part: isinstance(part, sp.atan2) and kernel.has_sign(part.args[1], "is_positive"),
        lambda part: sp.atan(part.args[0] / part.args[1]),
    )
    return plain.replace(sp.atan, lambda slope: sp.atan(sp.cancel(slope)))


def _at_end(function: Any, letter: Any, place: Any) -> Any:
    """The limit of a rational function plus numbers times inverse tangents of such."""
    angles = {each: sp.Dummy() for each in function.atoms(sp.atan)}
    rest = function.xreplace(angles)
    if rest.has(sp.atan) or any(sp.diff(rest, each).has(letter) for each in angles.values()):
        raise NotImplementedError(f"the limit of {function}")
    ends = {
        angle: sp.atan(sp.limit(each.args[0], letter, place, "-" if place == sp.oo else "+"))
        for each, angle in angles.items()
    }
    free = rest.xreplace(dict.fromkeys(ends, sp.Integer(0)))
    moving = sp.limit(sp.cancel(free), letter, place, "-" if place == sp.oo else "+")
    return rest.xreplace(ends) - free + moving


@rule
def recursion(
    kernel: Kernel, left: Any, right: Any, relation: str, of: Any, is_: Any, by: Any, index: Any
) -> bool:
    """Integrals I(j) are F(j) where F(0) = I(0) and both follow the same recursion: a F(j+1) = b
    F(j), and a f(j+1) - b f(j) is the derivative of what vanishes at both ends.

    ``by`` are a, b and that function; ``of`` is I(j), ``is_`` F(j), ``index`` j = 0, 1, 2 ...
    """
    if relation != "=" or not isinstance(of, sp.Integral) or not index.is_integer:
        return False
    up, down, edge = by
    f, ((x, low, high),) = of.function, of.limits
    step = up * f.subs(index, index + 1) - down * f - sp.diff(edge, x)
    following = up * is_.subs(index, index + 1) / (down * is_)
    first = sp.Integral(f.subs(index, 0), (x, low, high)).doit()
    holds = (
        equality.vanishes(sp.simplify(sp.powsimp(sp.expand(step / f))))
        and all(equality.vanishes(edge.subs(x, end)) for end in (low, high))
        and sp.combsimp(following) == 1
        and equality.vanishes(first - is_.subs(index, 0))
        and is_continuous(kernel, _without_powers(edge), x, low, high)
        and index.is_nonnegative
        and up.is_positive
    )
    return bool(holds) and same_shape(left.xreplace({of: is_}), right)


@rule
def scaled_limit(kernel: Kernel, left: Any, right: Any, relation: str, scale: Any) -> bool:
    """The limit of c g(r x) for x to infinity is c times that of g(z) for z to infinity, r > 0.

    ``scale`` is r.
    """
    old, new = left.atoms(sp.Limit), right.atoms(sp.Limit)
    if relation != "=" or len(old) != 1 or len(new) != 1:
        return False
    (one,), (other,) = old, new
    (f, x, to, _), (g, z, there, _) = one.args, other.args
    outside = sp.cancel(left / one), sp.cancel(right / other)
    if to != sp.oo or there != sp.oo or any(each.has(x, z, sp.Limit) for each in outside):
        return False
    if x != z and (f.has(z) or g.has(x)):  # a letter of its own, not that of the limit
        return False
    if scale.has(x, z) or not kernel.has_sign(scale, "is_positive"):
        return False
    ratio = outside[0] * f / (outside[1] * g.subs(z, scale * x))
    return equality.vanishes(sp.simplify(ratio) - 1)


def _without_powers(function: Any) -> Any:
    """What stands under powers with whole exponents of at least 0."""
    return function.replace(
        lambda part: part.is_Pow and bool(part.exp.is_integer and part.exp.is_nonnegative),
        lambda part: part.base,
    )


def scaled_integral(expression: Any) -> tuple[Any, sp.Integral] | None:
    """A number times one integral over one letter, as both; None for anything else."""
    found = expression.atoms(sp.Integral)
    if len(found) != 1:
        return None
    (total,) = found
    factor = sp.cancel(expression / total)
    if factor.has(sp.Integral) or len(total.limits) != 1 or len(total.limits[0]) != 3:
        return None
    return factor, total


def same_shape(one: Any, other: Any) -> bool:
    """Whether two expressions are equal but for the order of their factors."""
    return bool(one == other or sp.cancel(one / other) == 1)


def _same_factors(kernel: Kernel, one: Any, other: Any, total: sp.Integral) -> bool:
    """Whether two functions of an integral's letter have the quotient 1."""
    ratio = kernel.number(_by_tangent(one, total)) / kernel.number(_by_tangent(other, total))
    return equality.vanishes(sp.powsimp(roots.factored(ratio)) - 1)


def _by_tangent(function: Any, total: sp.Integral) -> Any:
    """A function of an angle from 0 to pi by the tangent of its half; any other as it is."""
    ((t, low, high),) = total.limits
    if (low, high) != (0, sp.pi):
        return function
    square = HALF**2
    return function.xreplace(
        {sp.sin(t): 2 * HALF / (1 + square), sp.cos(t): (1 - square) / (1 + square)}
    )
