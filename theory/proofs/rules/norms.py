"""Rules of scale: a loss that does not see it, and norms of any power that divide it out."""

from typing import Any

import sympy as sp

from theory.functions.columns import inner, power_mean, signed_power
from theory.functions.heads import grad
from theory.functions.stated import scale_free_gradient, scale_free_hessian
from theory.proofs.kernel import equality
from theory.proofs.kernel.along import along
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.uses import rule


@rule
def scale_free(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    path: Any,
    scale: Any,
    letters: tuple[Any, ...],
) -> bool:
    """A loss that does not see the scale has the same derivatives along a path as along the path
    divided by a positive number, which may change on the way.

    One or two ``letters`` move the path, and are 0 where it starts. Both derivatives are written
    by the chain rule; ``left = right`` must follow from their equality.
    """
    starts = dict.fromkeys(letters, 0)
    if relation != "=" or len(letters) not in (1, 2) or is_matrix(left) or is_matrix(right):
        return False
    if not kernel.has_sign(sp.sympify(scale).subs(starts), "is_positive"):
        return False
    here, there = (_chain_rule(kernel, each, letters) for each in (path, path / scale))
    for side in (sp.sympify(left), sp.sympify(right), here, there):
        kernel.symmetric |= side.atoms(scale_free_hessian)
    kernel.known.clear()
    fact = sp.expand(kernel.number(here) - kernel.number(there))
    difference = kernel.number(left) - kernel.number(right)
    for product in fact.free_symbols & set(kernel.products):
        if sp.Poly(fact, product).degree() == 1:
            factor = fact.coeff(product, 1)
            if not any(kernel.has_sign(sign * factor, "is_positive") for sign in (1, -1)):
                continue  # where it is 0, the fact says nothing of this product
            solved = -fact.coeff(product, 0) / fact.coeff(product, 1)
            if equality.vanishes(difference.xreplace({product: solved})):
                return True
    return False


@rule
def gradient_with_norm(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """G is the gradient where h'G is the slope along h, for every direction h; the root M of the
    k-th order of the mean of |x_b|^k has the slope u'(dx/dt)/B, u_b = sign(x_b)|x_b/M|^(k - 1).

    k is above 1, or it is 1 and no x_b is 0.
    """
    if relation != "=" or not isinstance(left, grad):
        return False
    value, at = left.args
    way = sp.MatrixSymbol("any_h", *at.shape)
    held = {each: sp.Dummy("M", positive=True) for each in value.atoms(power_mean)}
    fixed = value.xreplace(held)
    slope = along(fixed, at, way)
    total = kernel.number(slope)
    for norm, letter in held.items():
        column, power = norm.args
        if not kernel.nonnegative(power - 1):
            return False
        signs = signed_power(column / norm, power - 1)
        grows = inner(signs, along(column, at, way)) / column.shape[0]
        there = kernel.number(fixed)
        kernel.refuse_hidden(letter, there.free_symbols)
        total += sp.diff(there, letter) * kernel.number(grows)
    read = {letter: kernel.number(norm) for norm, letter in held.items()}
    return kernel.same(inner(right, way), total.xreplace(read))


def _chain_rule(kernel: Kernel, path: Any, letters: tuple[Any, ...]) -> Any:
    """The derivative of the loss along a path in one letter or in two, where they are 0."""
    start = _moved(kernel, path, letters, ())
    slope = scale_free_gradient(start)
    if len(letters) == 1:
        return inner(slope, _moved(kernel, path, letters, letters))
    first, second = (_moved(kernel, path, letters, (each,)) for each in letters)
    bend = scale_free_hessian(start)
    return inner(slope, _moved(kernel, path, letters, letters)) + inner(first, bend * second)


def _moved(kernel: Kernel, path: Any, letters: tuple[Any, ...], by: tuple[Any, ...]) -> Any:
    """The derivative of a path in the letters ``by``, where all ``letters`` are 0."""
    total = sp.ZeroMatrix(*path.shape)
    for word, coefficient in kernel.polynomial(path).items():
        for letter in by:
            kernel.refuse_hidden(letter, {*word, *coefficient.free_symbols})
        rate = sp.diff(coefficient, *by) if by else coefficient
        total += sp.simplify(rate.subs(dict.fromkeys(letters, 0))) * sp.MatMul(*word)
    return total.doit()
