"""Rules about matrices of letters stacked into one column: Jacobians and Hessians in them."""

from typing import Any

import sympy as sp

from theory.functions import stated
from theory.functions.columns import inner
from theory.functions.heads import hess
from theory.functions.homogeneous import at_place
from theory.functions.matrices import vec
from theory.proofs.kernel import structure
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def stacked_jacobian(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """J is the Jacobian in vec W where J vec(H) is the derivative along H, for every H."""
    if (
        relation != "="
        or not isinstance(left, stated.jacobian)
        or not isinstance(left.args[1], vec)
    ):
        return False
    value, at = left.args
    t, moved, way = _moved(value, at)
    polynomial = kernel.polynomial(moved)
    for word in polynomial:
        kernel.refuse_hidden(t, word)
    along = kernel.add({word: kernel.slope(c, t, 1, 0) for word, c in polynomial.items()})
    return along == kernel.polynomial(right * way)


@rule
def stacked_hessian(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """K is the Hessian in vec W where it is symmetric and vec(H)'K vec(H) is the second derivative
    along H, for every H."""
    if relation != "=" or not _is_in_vec(left, hess):
        return False
    value, at = left.args
    t, moved, way = _moved(value, at)
    if not kernel.same(right, right.T):
        return False
    if value.has(*structure.BY_ENTRIES) or right.has(*structure.BY_ENTRIES):
        terms = structure.by_entries(kernel, moved)
        if not all(c.is_polynomial(t) and not c.has(sp.Trace) for c in terms.values()):
            return False
        bend = {key: sp.diff(c, t, 2).subs(t, 0) for key, c in terms.items()}
        form = structure.by_entries(kernel, sp.Trace(way.T * right * way))
        return {key: c for key, c in bend.items() if c != 0} == form
    along = kernel.slope(kernel.number(moved), t, 2, 0)
    return kernel.same(along, inner(way, right * way))


@rule
def stacked_hessian_at(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Where W is W_0, K is the Hessian in vec W if it is symmetric and vec(H)'K vec(H) is the
    second derivative along H from W_0, for every H."""
    if relation != "=" or not isinstance(left, at_place):
        return False
    head, letter, place = left.args
    if not _is_in_vec(head, hess) or head.args[1] != vec(letter) or right.has(letter):
        return False
    if not isinstance(letter, sp.MatrixSymbol) or sp.sympify(place).has(letter):
        return False
    t, way = sp.Dummy("t", real=True), sp.MatrixSymbol(f"any_{letter}", *letter.shape)
    moved = head.args[0].xreplace({letter: place + t * way})
    bend = kernel.slope(kernel.number(moved), t, 2, 0)
    return kernel.same(right, right.T) and kernel.same(bend, inner(vec(way), right * vec(way)))


def _is_in_vec(left: Any, head: Any) -> bool:
    return isinstance(left, head) and isinstance(left.args[1], vec)


def _moved(value: Any, at: Any) -> tuple[sp.Symbol, Any, Any]:
    """T, the value where each letter W of ``at`` is W + t H, and the stacked H."""
    t = sp.Dummy("t", real=True)
    (inside,) = at.args
    ways = {x: sp.MatrixSymbol(f"any_{x}", *x.shape) for x in _letters(inside)}
    moved = value.xreplace({x: x + t * way for x, way in ways.items()})
    return t, moved, vec(inside.xreplace(ways))


def _letters(inside: Any) -> list[Any]:
    """The letter that is stacked, or the letters that are, side by side."""
    if isinstance(inside, sp.BlockMatrix) and inside.blockshape[0] == 1:
        return [letter for block in inside.blocks for letter in _letters(block)]
    if not isinstance(inside, sp.MatrixSymbol):
        raise NotImplementedError(f"derivatives in {inside}, which is no letter")
    return [inside]
