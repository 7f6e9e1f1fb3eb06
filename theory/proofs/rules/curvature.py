"""Rules of curvature: a Hessian between directions, and times a vector."""

from typing import Any

import sympy as sp

from theory.functions.columns import inner
from theory.functions.heads import grad, hess, smooth
from theory.proofs.kernel.along import along
from theory.proofs.kernel.binding import is_free, under_a_slope
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_letter
from theory.proofs.uses import rule


@rule
def hessian_between(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """A'Kb, with the Hessian K of a value in y, is the slope in s and t of the value at
    y + s a + t b.

    The value must be written out, so that its slopes can be computed.
    """
    taken = _between(left)
    return relation == "=" and taken is not None and kernel.same(_mixed(kernel, *taken), right)


@rule
def hessian_times(kernel: Kernel, left: Any, right: Any, relation: str, gradient: Any) -> bool:
    """A Hessian times b is the derivative of the gradient along b.

    ``gradient`` must be the gradient, by its product with every direction.
    """
    taken = _product(left)
    if relation != "=" or taken is None:
        return False
    value, at, way = taken
    if not is_free(kernel, at) or not _is_gradient(kernel, value, at, gradient):
        return False
    return right == along(gradient, at, way) or kernel.same(along(gradient, at, way), right)


def _product(left: Any) -> tuple[Any, Any, Any] | None:
    """The value, the column and the direction of a Hessian times a column."""
    if not isinstance(left, sp.MatMul) or left.shape[1] != 1:
        return None
    first, *rest = left.args
    if not isinstance(first, hess):
        return None
    value, at = first.args
    if isinstance(value, smooth) or not is_letter(at) or not rest:
        return None
    return value, at, sp.MatMul(*rest)


def _between(left: Any) -> tuple[Any, Any, Any, Any] | None:
    """The value, the column and both directions of a'Kb."""
    if not isinstance(left, inner):
        return None
    taken = _product(left.args[1])
    return taken and (*taken, left.args[0])


def _mixed(kernel: Kernel, value: Any, at: Any, first: Any, second: Any) -> Any:
    s, t = sp.Dummy("s", real=True), sp.Dummy("t", real=True)
    moved = kernel.number(value.xreplace({at: at + s * first + t * second}))
    return kernel.slope(kernel.slope(moved, s, 1, 0), t, 1, 0)


@rule
def gradients(kernel: Kernel, left: Any, right: Any, relation: str, **written: Any) -> bool:
    """Gradients inside an expression, written out: G is the gradient in a matrix W where the trace
    of G'Z is the slope along Z, for every Z.

    ``written`` has them by the names of the letters that they are taken in.
    """
    heads = {each for each in left.atoms(grad) if str(each.args[1]) in written}
    names = {str(each.args[1]) for each in heads}
    if relation != "=" or names != set(written) or len(heads) != len(names):
        return False
    if any(under_a_slope(left, each) for each in heads):
        return False
    images = {each: written[str(each.args[1])] for each in heads}
    return all(
        _is_gradient(kernel, each.args[0], each.args[1], image) for each, image in images.items()
    ) and (kernel.same(left.xreplace(images), right))


def _is_gradient(kernel: Kernel, value: Any, at: Any, gradient: Any) -> bool:
    if isinstance(value, smooth) or not is_letter(at) or at.shape != gradient.shape:
        return False
    way = sp.MatrixSymbol("any_Z", *at.shape)
    product = inner(gradient, way) if at.shape[1] == 1 else sp.Trace(gradient.T * way)
    return not gradient.has(way) and kernel.same(product, along(value, at, way))
