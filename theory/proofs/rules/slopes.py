"""Rules of slopes: gradients inside an expression, and what small and large steps do to values."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.functions.columns import inner
from theory.functions.heads import Moved, grad, hess, smooth
from theory.proofs.kernel.binding import is_free, under_a_slope, under_an_extreme
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.rules.calculus import gradient, hessian
from theory.proofs.uses import rule


@rule
def slopes(kernel: Kernel, left: Any, right: Any, relation: str, are: Mapping[Any, Any]) -> bool:
    """A gradient or a Hessian inside an expression is what the rules of the two say.

    ``are`` = {gradient or Hessian: what it is}, each checked by its rule. Of a smooth loss it is
    known at its own place alone, and not after a step.
    """
    if relation != "=" or not are:
        return False
    for head, image in are.items():
        by = gradient if isinstance(head, grad) else hessian
        if (
            not left.has(head)
            or under_an_extreme(left, head)
            or not by.check(kernel, head, image, "=")
        ):
            return False
        after = any(step.args[0].has(head) for step in left.atoms(Moved))
        if after and head.has(smooth):
            return False
        if (after or under_a_slope(left, head)) and not is_free(kernel, head.args[1]):
            return False
    return _same(kernel, left.xreplace(dict(are)), right)


@rule
def steps(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """A value after a step has the moved letters in place of the letters; after none it is the
    same. Of a smooth loss, a gradient or a Hessian that is not worked out nothing is said."""
    found = left.atoms(Moved)
    if relation != "=" or not found:
        return False
    taken = {}
    for each in found:
        value, *moves = each.args
        if moves and value.has(smooth, grad, hess, Moved):
            return False
        taken[each] = value.xreplace({letter: letter + way for letter, way in moves})
    return _same(kernel, left.xreplace(taken), right)


@rule
def inside_limit(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Two limits in one place are equal where what stands in them is equal next to the place."""
    if relation != "=" or not all(isinstance(each, sp.Limit) for each in (left, right)):
        return False
    inside, t, *place = left.args
    if list(right.args[1:]) != [t, *place]:
        return False
    near = {t: _near(*place)}
    return kernel.same(inside.xreplace(near), right.args[0].xreplace(near))


@rule
def small_step(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """A step t v changes a smooth loss by t v'G + t^2 v'Kv/2 and its gradient G by t Kv, but for
    what is smaller. The limit is found where the step is put in and t drops out."""
    if relation != "=" or not isinstance(left, sp.Limit):
        return False
    inside, t, to, direction = left.args
    found = inside.atoms(Moved)
    if to != 0 or len(found) != 1:
        return False
    (step,) = found
    value, *moves = step.args
    if len(moves) != 1:
        return False
    ((at, way),) = moves
    way = _over(way, t)
    base = value.args[0] if isinstance(value, grad) else value
    if way.has(t) or not isinstance(base, smooth):
        return False
    if isinstance(value, grad):
        tends, is_ = hess(base, at) * way, sp.MatrixSymbol("any_change", *at.shape)
        there = value + t * is_
    else:
        tends, is_ = inner(way, hess(base, at) * way), sp.Symbol("any_bend", real=True)
        there = value + t * inner(grad(base, at), way) + t**2 / 2 * is_
    general = right.xreplace({tends: is_})
    if not general.has(is_) or general.has(t) or not _is_continuous(general, is_):
        return False
    put_in = inside.xreplace({step: there}).xreplace({t: _near(to, direction)})
    return kernel.same(put_in, general)


def _near(to: Any, direction: Any) -> Any:
    """A number next to ``to``, on the side from which a limit is taken."""
    if to == sp.oo:
        return sp.Dummy("t", positive=True)
    if str(direction) == "+-":
        return to + sp.Dummy("t", real=True)
    away = sp.Dummy("t", positive=True)
    return to + away if str(direction) == "+" else to - away


def _over(way: Any, t: Any) -> Any:
    """A column ``way`` divided by ``t``."""
    number, factors = way.as_coeff_matrices()
    return sp.MatMul(number / t, *factors) if number != t else sp.MatMul(*factors).doit(deep=False)


def _is_continuous(expression: Any, letter: Any) -> bool:
    """Whether an expression is made of sums, products, roots and squared lengths, and divides by
    nothing that has the letter in it."""
    allowed = (sp.Add, sp.Mul, sp.Pow, inner, sp.MatAdd, sp.MatMul)
    return all(
        isinstance(part, allowed) and not (part.is_Pow and not part.exp.is_positive)
        for part in sp.preorder_traversal(expression)
        if part.has(letter) and part != letter
    )


def _same(kernel: Kernel, left: Any, right: Any) -> bool:
    """Equal by calculation, where what is moved is equal by calculation."""
    return kernel.same(*(_with_letters(kernel, side) for side in (left, right)))


def _with_letters(kernel: Kernel, side: Any) -> Any:
    """``side`` with a letter for each moved value: the same for equal ones."""
    letters = {}
    for each in side.atoms(Moved):
        value, *moves = each.args
        parts = [_key(kernel, part) for part in (value, *(p for move in moves for p in move))]
        name = f"moved({', '.join(parts)})"
        matrix = is_matrix(value)
        letters[each] = (
            sp.MatrixSymbol(name, *value.shape) if matrix else sp.Symbol(name, real=True)
        )
    return side.xreplace(letters)


def _key(kernel: Kernel, part: Any) -> str:
    return kernel.key(kernel.polynomial(part)) if is_matrix(part) else str(kernel.number(part))
