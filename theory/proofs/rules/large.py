"""Rules of large random matrices: what goes through their limits."""

from typing import Any

import sympy as sp

from theory.functions.large import infimum, share, tends_to, top
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.extreme_values import EXTREMES
from theory.proofs.rules import pieces
from theory.proofs.rules.calculus import is_for_all
from theory.proofs.uses import RULES, Use, rule


@rule
def continuous(
    kernel: Kernel, left: Any, right: Any, relation: str, of: Any = None, is_: Any = None
) -> bool:
    """A sum, product, quotient or root of random values tends to that of their limits, where it is
    a number.

    What stands outside the limits on the right depends neither on the size nor on random letters.
    ``of`` is the limit in ``left`` that is meant, and ``is_`` what it is, if they are not both.
    """
    of, is_ = (left, right) if of is None else (of, is_)
    if relation != "=" or not isinstance(of, tends_to):
        return False
    value, size = of.args
    limits = is_.atoms(tends_to)
    if not limits or any(each.args[1] != size for each in limits):
        return False
    outside = is_.xreplace({each: sp.Dummy(real=True) for each in limits})
    if outside.has(size) or outside.atoms(sp.MatrixSymbol):
        return False
    if not all(
        isinstance(part, (sp.Add, sp.Mul, sp.Pow)) or not part.atoms(sp.Dummy)
        for part in sp.preorder_traversal(outside)
        if part.args
    ):
        return False
    inside = is_.xreplace({each: each.args[0] for each in limits})
    return kernel.same(value, inside) and kernel.same(left.xreplace({of: is_}), right)


@rule
def under_limit(kernel: Kernel, left: Any, right: Any, relation: str, by: Use) -> bool:
    """Where a rule makes equal what stands under a limit, at every size, the limits are equal.

    Further limits may stand inside.
    """
    old, new = map(_outermost, (left, right))
    if relation != "=" or len(old) != 1 or len(new) != 1 or by.of not in RULES.values():
        return False
    (one,), (other,) = old, new
    if one.args[1:] != other.args[1:] or one.args[1] in kernel.images:
        return False
    same = left.xreplace({one: other}) == right
    return same and by.holds(kernel, one.args[0], other.args[0], "=")


def _outermost(expression: Any) -> set[Any]:
    """The limits that stand in no other limit."""
    limits = expression.atoms(sp.Limit, tends_to)
    return {x for x in limits if not any(other != x and other.has(x) for other in limits)}


@rule
def not_random(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """What holds no random letter tends to its limit."""
    if relation != "=":
        return False
    limits = {
        each: sp.limit(*each.args, sp.oo)
        for each in left.atoms(tends_to)
        if not each.atoms(sp.MatrixSymbol)
    }
    if not all(is_for_all(each.args[0], to, each.args[1], sp.oo) for each, to in limits.items()):
        return False
    return bool(limits) and kernel.same(left.xreplace(limits), right)


@rule
def from_there_on(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """C > 0 is the infimum of the x > 0 with f(x) > g(x) if f - g is positive at every x > c and at
    no other x."""
    if relation != "=" or not isinstance(left, infimum):
        return False
    letter, high, low = left.args
    if right.has(letter) or not kernel.has_sign(right, "is_positive"):
        return False
    more = sp.Symbol("any_more", positive=True)
    less = sp.Symbol("any_less", nonnegative=True)
    beyond, below = (
        kernel.within({letter: place}) for place in (right * (1 + more), right / (1 + less))
    )
    return (
        pieces.holds(beyond, sp.Gt(high, low)) is True
        and pieces.holds(below, sp.Gt(high, low)) is False
    )


@rule
def scaled_density(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """If every eigenvalue is multiplied by c > 0 the limit density at x is 1/c times that at x/c.

    ``left`` is the slope in x of the limit share of M, ``right`` 1/c times that of M/c, at x/c.
    """
    if relation != "=" or not isinstance(left, sp.Derivative):
        return False
    (letter, times), *others = left.variable_count
    slopes = right.atoms(sp.Subs)
    if others or times != 1 or len(slopes) != 1 or not isinstance(left.expr, tends_to):
        return False
    (slope,) = slopes
    inner, (at,), (place,) = slope.args[0], slope.variables, slope.point
    factor = sp.cancel(slope / right)
    counted, size = left.expr.args
    if factor.has(letter, size) or not kernel.has_sign(factor, "is_positive"):
        return False
    if not isinstance(counted, share) or counted.args[1] != letter:
        return False
    matrix = counted.args[0]
    if matrix.has(letter) or not isinstance(inner, sp.Derivative):
        return False
    other = inner.expr
    return (
        isinstance(other, tends_to)
        and inner.variable_count == ((at, 1),)
        and other.args[1] == size
        and isinstance(other.args[0], share)
        and other.args[0].args[1] == at
        and kernel.same(other.args[0].args[0], matrix / factor)
        and kernel.same(place, letter / factor)
    )


@rule
def scaled_matrix(kernel: Kernel, left: Any, right: Any, relation: str, factor: Any) -> bool:
    """A matrix times c > 0 has c times the eigenvalues, and the same first eigenvector.

    In a limit c needs to be positive at large sizes alone, as it is where its own limit is.
    """
    if relation != "=" or not _positive(kernel, factor, left):
        return False
    same = {
        one: other if isinstance(one, top) else factor * other
        for one in left.atoms(top, *EXTREMES)
        for other in right.atoms(type(one))
        if kernel.same(one.args[0], factor * other.args[0])
    }
    return bool(same) and kernel.same(left.xreplace(same), right)


def _positive(kernel: Kernel, factor: Any, left: Any) -> bool:
    """Whether a factor of the matrices in ``left`` is positive, where that matters."""
    if kernel.has_sign(factor, "is_positive"):
        return True
    limits = left.atoms(tends_to)
    sizes = {each.args[1] for each in limits}
    outside = left.xreplace({each: sp.Dummy() for each in limits})
    if outside.atoms(top, *EXTREMES) or len(sizes) != 1:
        return False
    return kernel.has_sign(sp.limit(factor, sizes.pop(), sp.oo), "is_positive")
