"""Rules of calculus: gradients and Hessians, limits, integrals."""

from typing import Any

import sympy as sp

from theory.functions.columns import inner
from theory.functions.heads import grad, hess, smooth
from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel, along, is_matrix
from theory.proofs.uses import rule


@rule
def gradient(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """G is the gradient where h'G is the slope along h, for every direction h.

    Of any smooth function of z(y), with the gradient g at z, the slope is g'(dz/dt); of a value
    that is written out it is the value's own derivative.
    """
    taken = _slope(left, 1, grad)
    if relation != "=" or taken is None:
        return False
    value, at = taken
    way = sp.MatrixSymbol("any_h", *at.shape)
    product = inner(right, way) if at.shape[1] == 1 else sp.Trace(right.T * way)
    return kernel.same(product, _along(value, at, way, 1))


@rule
def hessian(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """K is the Hessian where it is symmetric and h'Kh is the second derivative along every h.

    Of any smooth function of z(y), with gradient g and Hessian H at z, the second derivative is
    g'(d^2z/dt^2) + (dz/dt)'H(dz/dt).
    """
    taken = _slope(left, 2, hess)
    if relation != "=" or taken is None:
        return False
    value, at = taken
    way = sp.MatrixSymbol("any_h", *at.shape)
    symmetric = kernel.same(right, right.T)
    return symmetric and kernel.same(inner(way, right * way), _along(value, at, way, 2))


@rule
def derivative(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """A derivative in a number, carried out by SymPy."""
    if relation != "=" or not isinstance(left, (sp.Derivative, sp.Subs)):
        return False
    return kernel.same(left.doit(), right)


@rule
def limit(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The limit of a function of one number, by SymPy; of finite sums, summand by summand."""
    if relation != "=" or not isinstance(left, sp.Limit):
        return False
    inside, letter, to, direction = left.args
    sums = {
        each: sp.Sum(sp.limit(each.function, letter, to, str(direction)), *each.limits).doit()
        for each in inside.atoms(sp.Sum)
        if each.has(letter)
    }
    value = sp.limit(kernel.number(inside).xreplace(sums), letter, to, str(direction))
    return kernel.same(value, right)


@rule
def integral(kernel: Kernel, left: Any, right: Any, relation: str, antiderivative: Any) -> bool:
    """The integral of f is F at one end less F at the other, where F' = f between them."""
    if relation != "=" or not isinstance(left, sp.Integral) or len(left.limits) != 1:
        return False
    ((letter, low, high),) = left.limits
    if not equality.vanishes(sp.diff(antiderivative, letter) - left.function):
        return False
    ends = sp.limit(antiderivative, letter, high, "-") - sp.limit(antiderivative, letter, low, "+")
    return kernel.same(ends, right)


def _slope(left: Any, order: int, head: Any) -> tuple[Any, Any] | None:
    """The value and the column that ``left`` differentiates ``order`` times, if it does."""
    if isinstance(left, head):
        return left.args[0], left.args[1]
    if isinstance(left, sp.Derivative):
        (at, times), *others = left.variable_count
        if not others and times == order and is_matrix(at):
            return left.expr, at
    return None


def _along(value: Any, at: Any, way: Any, order: int) -> Any:
    """The derivative along ``way`` of a value, by the chain rule where it is of a smooth loss."""
    if not isinstance(value, smooth):
        return along(value, at, way, order)
    z, slope, bend = value.args
    if order == 1:
        return inner(slope, along(z, at, way))
    first = along(z, at, way)
    return inner(slope, along(z, at, way, 2)) + inner(first, bend * first)
