"""Rules of rates: which of them are stable, which is best, and what eigenvalue decides."""

from itertools import product
from typing import Any

import sympy as sp

from theory.functions.eigenvalues import smallest_positive
from theory.functions.heads import sup
from theory.functions.rates import (
    Over,
    largest_over,
    least,
    root_size,
    smallest_over,
)
from theory.functions.stated import argmin
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule

LAM, LOW, LESS = sp.symbols("any_lam any_low any_less", positive=True)
ROOM, MORE = sp.symbols("any_room any_more", nonnegative=True)


@rule
def stable_below(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The rates at which all modes contract reach up to the smallest of the rates c(lam) below
    which a mode contracts.

    A mode contracts where |f| < 1, or where the roots of z^2 - t z + d lie in the unit circle: 1 -
    t + d, 1 + t + d and 1 - d are positive (Jury). Both are computed at c/(1 + x), where all of
    them must be positive, and at c (1 + w), where one must not.
    """
    if relation != "=" or not (isinstance(left, sup) and isinstance(right, smallest_over)):
        return False
    rate, letter, *conditions = left.args
    if letter != rate or not rate.is_positive or len(conditions) != 1:
        return False
    (condition,) = conditions
    modes = condition.args[0]
    if not (isinstance(condition, sp.StrictLessThan) and condition.args[1] == 1):
        return False
    if not isinstance(modes, largest_over) or modes.args[1:] != right.args[1:]:
        return False
    lam, bound = modes.args[1], right.args[0]
    if not _above_zero(kernel, modes.args[2]):
        return False
    signs = _contracts(modes.args[0])

    def at(expression: Any, tried: Any) -> Any:
        return expression.xreplace({rate: tried}).xreplace({lam: LAM})

    below = [at(each, bound / (1 + LESS)) for each in signs]
    beyond = [at(each, bound * (1 + MORE)) for each in signs]
    return (
        not bound.has(rate)
        and kernel.has_sign(bound.xreplace({lam: LAM}), "is_positive")
        and all(kernel.has_sign(each, "is_positive") for each in below)
        and any(kernel.nonnegative(-each) for each in beyond)
    )


@rule
def extreme_at_an_end(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Of all eigenvalues the smallest or the largest has the extreme value, if the value there is
    extreme among all numbers between them."""
    nodes = left.atoms(Over)
    if relation != "=" or len(nodes) != 1:
        return False
    (node,) = nodes
    value, lam, low, high = node.args
    between = low + (high - low) / (1 + MORE)
    compared = value.args[0] ** 2 if isinstance(value, sp.Abs) else value
    sign = 1 if isinstance(node, largest_over) else -1
    bottom = LOW if _above_zero(kernel, low) else sp.Symbol("any_low", real=True)
    here = kernel.within({low: bottom, high: bottom + ROOM})
    for end, other in ((low, high), (high, low)):
        gaps = [
            sign * (compared.xreplace({lam: end}) - compared.xreplace({lam: place}))
            for place in (between, other)
        ]
        if all(map(here.nonnegative, gaps)):
            return kernel.same(left.xreplace({node: value.xreplace({lam: end})}), right)
    return False


@rule
def convex_at_the_ends(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The largest |a + b lam| of all eigenvalues is the larger one of those at both ends."""
    nodes = left.atoms(largest_over)
    if relation != "=" or len(nodes) != 1:
        return False
    (node,) = nodes
    value, lam, low, high = node.args
    if not isinstance(value, sp.Abs) or sp.expand(sp.diff(value.args[0], lam)).has(lam):
        return False
    ends = sp.Max(*(value.xreplace({lam: end}) for end in (low, high)))
    return kernel.same(left.xreplace({node: ends}), right)


@rule
def lines_meet(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The larger one of |f| and |g| is least where a falling and a rising line of these meet, at or
    above zero: elsewhere one of the two lines is higher.

    f and g must be linear in the letter, and the place where they meet must be in its range.
    """
    taken = _least(left)
    if relation != "=" or taken is None:
        return False
    value, letters = taken
    if not (len(letters) == 1 and isinstance(value, sp.Max) and len(value.args) == 2):
        return False
    (letter,) = letters
    if isinstance(left, argmin) and left.args[0] != letter:
        return False
    if not all(isinstance(each, sp.Abs) for each in value.args):
        return False
    one, other = (each.args[0] for each in value.args)
    if any(sp.expand(sp.diff(line, letter)).has(letter) for line in (one, other)):
        return False
    for falling, rising in (
        *product((one, -one), (other, -other)),
        *product((other, -other), (one, -one)),
    ):
        fall, rise = (sp.diff(line, letter) for line in (-falling, rising))
        at = (falling - rising).xreplace({letter: sp.Integer(0)}) / (fall + rise)
        height = falling.xreplace({letter: at})
        if (
            kernel.has_sign(fall, "is_positive")
            and kernel.has_sign(rise, "is_positive")
            and (not letter.is_positive or kernel.has_sign(at, "is_positive"))
            and kernel.nonnegative(height)
        ):
            return kernel.same(at if isinstance(left, argmin) else height, right)
    return False


@rule
def roots_of_one_size(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Over all rates and momenta the largest root of z^2 - t z + d is least where the modes at both
    ends have a double root, r at one and -r at the other; all between have roots of that size.

    Let t be linear in lam and d the same for all lam, both linear in rate and momentum, and no root
    be beyond u. Then chi(u) at the lower end, chi(-u) at the higher and u^2 - d are not negative. A
    sum of multiples of these is free of rate and momentum, and negative for every u < r; at u = r
    it is 0, which leaves t = 2r, t = -2r and d = r^2.
    """
    taken = _least(left)
    if relation != "=" or taken is None:
        return False
    value, letters = taken
    if not (isinstance(value, largest_over) and isinstance(value.args[0], root_size)):
        return False
    (t, d), lam, *ends = value.args[0].args, *value.args[1:]
    if len(letters) != 2 or d.has(lam) or sp.expand(sp.diff(t, lam)).has(lam):
        return False
    if not _above_zero(kernel, ends[0]):
        return False
    root, beyond, u = sp.symbols("any_root any_beyond any_size", positive=True)
    places = (root**2, (root + beyond) ** 2)  # the ends, where these differ
    at_low, at_high = (t.xreplace({lam: end}) for end in places)
    parts = [u**2 - u * at_low + d, u**2 + u * at_high + d, u**2 - d]
    total, weights = _eliminated(parts, letters)
    if total is None:
        return False
    for r in sp.solve(sp.numer(sp.together(total)), u):
        there = sp.solve([at_low - 2 * r, d - r**2], letters, dict=True)
        if (
            len(there) == 1
            and kernel.has_sign(r, "is_positive")
            and kernel.same(r.subs(beyond, 0), 0)
            and kernel.same((at_high + 2 * r).subs(there[0]), 0)
            and kernel.has_sign(-total.subs(u, r / (1 + LESS)), "is_positive")
            and all(kernel.has_sign(w.subs(u, r / (1 + MORE)), "is_positive") for w in weights)
        ):
            found = r if isinstance(left, least) else there[0][left.args[0]]
            return kernel.same(found, right.xreplace(dict(zip(ends, places, strict=True))))
    return False


def _eliminated(parts: list[Any], letters: Any) -> tuple[Any, list[Any]]:
    """Multiples of three linear parts whose sum is free of two letters, and that sum."""
    weights = [sp.Integer(1), *sp.symbols("any_w1 any_w2")]
    total = sp.expand(sp.Add(*(w * part for w, part in zip(weights, parts, strict=True))))
    if any(sp.expand(sp.diff(part, letter)).has(*letters) for part in parts for letter in letters):
        return None, []
    found = sp.solve([sp.diff(total, letter) for letter in letters], weights[1:], dict=True)
    if len(found) != 1:
        return None, []
    return total.subs(found[0]), [each.subs(found[0]) for each in weights]


def _least(left: Any) -> tuple[Any, Any] | None:
    """The value that ``left`` makes least, and the letters that it is least over."""
    if isinstance(left, least):
        return left.args
    return left.args[1:] if isinstance(left, argmin) else None


def _above_zero(kernel: Kernel, low: Any) -> bool:
    """Whether the lowest eigenvalue of some is positive."""
    return isinstance(low, smallest_positive) or kernel.has_sign(low, "is_positive")


def _contracts(mode: Any) -> tuple[Any, ...]:
    """What is positive exactly where a mode contracts."""
    if isinstance(mode, sp.Abs):
        return 1 - mode.args[0], 1 + mode.args[0]
    if isinstance(mode, root_size):
        trace, det = mode.args
        return 1 - trace + det, 1 + trace + det, 1 - det
    raise NotImplementedError(f"when {mode} < 1")
