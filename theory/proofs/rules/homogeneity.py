"""Rules of losses that scale with their weights, and of gradients at a place."""

from typing import Any

import sympy as sp

from theory.functions.homogeneous import at_place, homogeneous
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import calculus
from theory.proofs.uses import rule


@rule
def scaling(kernel: Kernel, left: Any, right: Any, relation: str, weights: Any, way: Any) -> bool:
    """J(a W + b h) = a^k J(W + (b/a) h) for a > 0, where J has the degree k.

    As J has two derivatives along h at W, this gives every derivative at b = 0 up to the second, in
    numbers on which a and b depend.
    """
    jet = sp.symbols("J_0 J_1 J_2", real=True, cls=sp.Dummy)
    sides = [_scaled(kernel, side, weights, way, jet) for side in (left, right)]
    return relation == "=" and None not in sides and kernel.same(*sides)


@rule
def gradient_at(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The gradient, or the Hessian, of a value where its letter is a place: that of the letter,
    read there."""
    if not isinstance(left, at_place):
        return False
    taken, letter, place = left.args
    there = kernel.within({letter: place})
    rules = (calculus.gradient, calculus.hessian)
    return any(each.check(there, taken, right, relation) for each in rules)


def _scaled(kernel: Kernel, side: Any, weights: Any, way: Any, jet: tuple[Any, ...]) -> Any:
    """A side with J and its derivatives in those of J(W + s h) at s = 0; None where this fails."""
    side = sp.sympify(side)
    images = {}
    for taken in side.atoms(sp.Subs):
        value, letters, point = taken.args
        if not isinstance(value, sp.Derivative) or len(value.variables) > 2:
            return None
        at = dict(zip(letters, point, strict=True))
        series = _on_the_plane(kernel, value.expr, at, weights, way, jet)
        if series is None or set(value.variables) - set(letters):
            return None
        images[taken] = sp.diff(series, *value.variables).subs(at)
    side = side.xreplace(images)
    for taken in side.atoms(homogeneous):
        images[taken] = _on_the_plane(kernel, taken, {}, weights, way, jet)
    return None if None in images.values() else side.xreplace(images)


def _on_the_plane(
    kernel: Kernel, value: Any, at: Any, weights: Any, way: Any, jet: tuple[Any, ...]
) -> Any:
    """J(a W + b h) to second order in b, where a is positive and b is zero ``at`` a point."""
    if not isinstance(value, homogeneous):
        return None
    column, degree = value.args
    words = dict(kernel.polynomial(column))
    a, b = (words.pop((letter,), sp.S.Zero) for letter in (weights, way))
    if (
        words
        or degree.has(*at)
        or b.subs(at) != 0
        or not kernel.has_sign(a.subs(at), "is_positive")
    ):
        return None
    return a**degree * sum(each * (b / a) ** i / sp.factorial(i) for i, each in enumerate(jet))
