"""Rules of iterates: a limit over the index of a recursion that tends to 1."""

from typing import Any

import sympy as sp

from theory.domain import Parameter, Real
from theory.functions.heads_of_nets import repeated
from theory.functions.iterates import Iterated
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.ranges import sign_between
from theory.proofs.uses import Rule, Use, rule


@rule
def at_fixed_point(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """A limit over the index of x_(l+1) = f(x_l) is one for x to 1 from below, with f(x) for the
    next, where x_l grows towards 1 and never reaches it.

    This is so where f(1) = 1, f grows between 0 and 1 and f(x) - x falls there: f(x) lies between
    x and 1. ``left`` depends on the index by x_l and x_(l+1) alone.
    """
    if relation != "=" or not all(isinstance(side, sp.Limit) for side in (left, right)):
        return False
    (inside, index, to, _), (f, x, there, side) = left.args, right.args
    kinds = {type(each) for each in inside.atoms(Iterated)}
    if to != sp.oo or len(kinds) != 1 or there != 1 or str(side) != "-":
        return False
    (kind,) = kinds
    if not _tends_to_one(kernel, kind, x):
        return False
    found = inside.xreplace({kind(index + 1): kind.after(x), kind(index): x})
    return not found.has(index) and kernel.same(found, f)


@rule
def in_map(kernel: Kernel, left: Any, right: Any, relation: str, by: Use) -> bool:
    """A map of correlations that is applied again and again may be written as another that is equal
    at every number from -1 to 1, by a rule."""
    if relation != "=" or not all(isinstance(side, repeated) for side in (left, right)):
        return False
    if left.args[1:] != right.args[1:] or not isinstance(by.of, Rule):
        return False
    inside, one, other = _at_correlations(kernel, left.args[0], right.args[0])
    return by.holds(inside, one, other, "=")


@rule
def repeats(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """A map that is applied again and again is a known recursion where both have one start and the
    map is the recursion's, at every number from -1 to 1."""
    if relation != "=" or not isinstance(left, repeated) or not isinstance(right, Iterated):
        return False
    function, start, layer = left.args
    letter = sp.Dummy("c", real=True)
    known = sp.Lambda(letter, right.after(letter))
    if start != right.start or layer != right.args[0]:
        return False
    inside, one, other = _at_correlations(kernel, function, known)
    return inside.same(one, other)


def _at_correlations(kernel: Kernel, one: sp.Lambda, other: sp.Lambda) -> tuple[Kernel, Any, Any]:
    """What two functions are at any number c from -1 to 1, and a kernel that knows this letter."""
    letter = sp.Symbol("c", real=True)
    if letter in one.free_symbols | other.free_symbols:
        raise NotImplementedError("the maps depend on a correlation besides")
    inside = kernel.within({})
    inside.parameters = (*kernel.parameters, Parameter("c", "", Real(-1, 1, True)))
    return inside, one(letter), other(letter)


def _tends_to_one(kernel: Kernel, kind: Any, x: Any) -> bool:
    """Whether the recursion grows towards 1 from its start, and never reaches it."""
    f = kind.after(x)
    if sp.simplify(sp.limit(f, x, 1, "-") - 1) != 0 or not 0 <= kind.start < 1:
        return False
    slope = sp.simplify(sp.diff(f, x))
    return (
        sign_between(kernel, slope, x, sp.Integer(0), sp.Integer(1)) == 1
        and sign_between(kernel, sp.expand(slope - 1), x, sp.Integer(0), sp.Integer(1)) == -1
    )
