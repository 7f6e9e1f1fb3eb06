"""Rules of steps along the gradient of a smooth function, to first order."""

from typing import Any

import sympy as sp

from theory.functions.heads import grad, smooth
from theory.functions.stated import jacobian
from theory.proofs.kernel.along import along
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def hessian_for_gradient(kernel: Kernel, left: Any, right: Any, relation: str, matrix: Any) -> bool:
    """The Jacobian of the gradient of a smooth function is its Hessian: near a place the gradient
    is g + H times the displacement from the place, to first order.

    ``matrix`` is the Jacobian of the whole step; it must give the step's derivative along every
    direction.
    """
    nodes = left.atoms(jacobian)
    if relation != "=" or len(nodes) != 1:
        return False
    (node,) = nodes
    step, at = node.args
    place = sp.MatrixSymbol("any_place", *at.shape)
    linear = {}
    for each in step.atoms(grad):
        value, letter = each.args
        if letter != at or not isinstance(value, smooth) or value.args[0] != at:
            return False
        _, slope, bend = value.args
        if slope.has(at) or bend.has(at):
            return False
        linear[each] = slope + bend * (at - place)
    way = sp.MatrixSymbol("any_h", *at.shape)
    moved = along(step.xreplace(linear), at, way)
    return kernel.same(matrix * way, moved) and kernel.same(left.xreplace({node: matrix}), right)
