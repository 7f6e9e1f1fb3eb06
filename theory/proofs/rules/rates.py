"""Rules of rates: which of them are stable, which is best, and what eigenvalue decides."""

from itertools import product
from typing import Any

import sympy as sp

from theory.functions.rates import (
    Over,
    argmin,
    largest_over,
    least,
    root_size,
    smallest_over,
    sup,
)
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
    rate, condition = left.args
    modes = condition.args[0]
    if not (isinstance(condition, sp.StrictLessThan) and condition.args[1] == 1):
        return False
    if not isinstance(modes, largest_over) or modes.args[1:] != right.args[1:]:
        return False
    lam, bound = modes.args[1], right.args[0]
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
    between = _between(node)
    sign = 1 if isinstance(node, largest_over) else -1
    here = kernel.within({low: LOW, high: LOW + ROOM})
    for end, other in ((low, high), (high, low)):
        gaps = [
            sign * (value.xreplace({lam: end}) - value.xreplace({lam: place}))
            for place in (between, other)
        ]
        if all(here.nonnegative(_opened(here.number(gap))) for gap in gaps):
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
    if relation != "=" or not isinstance(left, (least, argmin)):
        return False
    letter, value = left.args
    if not (isinstance(value, sp.Max) and len(value.args) == 2):
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
def largest_and_smallest(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Max and Min are the argument from which all others differ by what is not negative, or not
    positive."""
    nodes = left.atoms(sp.Max, sp.Min)
    if relation != "=" or not nodes:
        return False
    found = {node: _chosen(kernel, node) for node in nodes}
    return None not in found.values() and kernel.same(left.xreplace(found), right)


def _chosen(kernel: Kernel, node: Any) -> Any:
    sign = 1 if isinstance(node, sp.Max) else -1
    for one in node.args:
        if all(kernel.nonnegative(sign * (one - other)) for other in node.args if other != one):
            return one
    return None


def _contracts(mode: Any) -> tuple[Any, ...]:
    """What is positive exactly where a mode contracts."""
    if isinstance(mode, sp.Abs):
        return 1 - mode.args[0], 1 + mode.args[0]
    if isinstance(mode, root_size):
        trace, det = mode.args
        return 1 - trace + det, 1 + trace + det, 1 - det
    raise NotImplementedError(f"when {mode} < 1")


def _between(node: Over) -> Any:
    """Any number from the lower end to the higher."""
    return node.args[2] + (node.args[3] - node.args[2]) / (1 + MORE)


def _opened(number: Any) -> Any:
    """Absolute values of what has a sign that is seen once it is factored."""
    return number.replace(sp.Abs, lambda inside: sp.Abs(sp.factor(inside)))
