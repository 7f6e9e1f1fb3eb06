"""Rules about eigenvalues of a symmetric matrix whose structure is explicit."""

from typing import Any

import sympy as sp

from theory.functions.columns import diagonal, inner
from theory.functions.eigenvalues import eigenvalues, largest, smallest
from theory.functions.matrices import ascending
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.words import ONE
from theory.proofs.uses import rule


@rule
def plane_and_rest(
    kernel: Kernel, left: Any, right: Any, relation: str, plane: Any, values: Any
) -> bool:
    """A symmetric M that takes a plane to itself, and is a number c on all that is orthogonal to
    it, has the eigenvalues of its matrix on the plane, and c.

    ``plane`` are orthogonal columns, none of them zero; ``values`` are the roots of the
    characteristic polynomial of M's matrix in them. The largest or smallest of all replaces
    ``largest(M)`` or ``smallest(M)`` in ``left``; c does where the plane is not the whole space.
    """
    asked = left.atoms(largest, smallest)
    matrices = {each.args[0] for each in asked}
    if relation != "=" or len(matrices) != 1:
        return False
    (matrix,) = matrices
    beside = _beside(kernel, matrix, plane)
    if beside is None or not _roots(kernel, matrix, plane, values):
        return False
    room = kernel.has_sign(matrix.shape[0] - len(plane), "is_positive")
    ends = {}
    for each in asked:
        sign = 1 if isinstance(each, largest) else -1
        for value in (*values, *([beside] if room else [])):
            if all(kernel.nonnegative(sign * (value - other)) for other in (*values, beside)):
                ends[each] = value
                break
        else:
            return False
    return kernel.same(left.xreplace(ends), right)


def _beside(kernel: Kernel, matrix: Any, plane: Any) -> Any:
    """The number c with M w = c w for every w orthogonal to the plane; None where M is not so."""
    if not kernel.same(matrix, matrix.T):
        return None
    inside = kernel.within({})
    across = sp.MatrixSymbol("any_w", matrix.shape[0], 1)
    for column in plane:
        words = inside.polynomial(column)
        if len(words) != 1 or not inside.has_sign(inner(column, column), "is_positive"):
            return None
        (word,) = words
        inside.rule((*inside.turned(word), across), {})
    inside.known.clear()
    image = inside.polynomial(matrix * across)
    if set(image) - {(across,)}:
        return None
    return image.get((across,), sp.Integer(0))


def _roots(kernel: Kernel, matrix: Any, plane: Any, values: Any) -> bool:
    """Whether M takes the plane to itself, and has there the eigenvalues ``values``."""
    size = len(plane)
    if len(values) != size:
        return False
    for i, one in enumerate(plane):
        if not all(kernel.same(inner(one, other), sp.Integer(0)) for other in plane[:i]):
            return False
    own = sp.Matrix(
        size,
        size,
        lambda i, j: (
            kernel.number(inner(plane[i], matrix * plane[j]))
            / kernel.number(inner(plane[i], plane[i]))
        ),
    )
    for j, column in enumerate(plane):
        image = sum((own[i, j] * plane[i] for i in range(1, size)), own[0, j] * plane[0])
        if not kernel.same(matrix * column, image):
            return False
    x = sp.Dummy("x")
    roots = sp.Mul(*(x - kernel.number(value) for value in values))
    difference = sp.expand((x * sp.eye(size) - own).det(method="berkowitz") - roots)
    return all(kernel.same(difference.coeff(x, i), sp.Integer(0)) for i in range(size + 1))


@rule
def eigenbasis(
    kernel: Kernel, left: Any, right: Any, relation: str, columns: Any, values: Any
) -> bool:
    """M has the eigenvalues d where M Q = Q diag(d) for a Q whose columns are orthonormal and
    complete: Q'Q = I and QQ' = I."""
    if relation != "=" or not isinstance(left, eigenvalues):
        return False
    (matrix,) = left.args
    return (
        kernel.polynomial(columns.T * columns) == {ONE: sp.Integer(1)}
        and kernel.polynomial(columns * columns.T) == {ONE: sp.Integer(1)}
        and kernel.same(matrix, matrix.T)
        and kernel.same(matrix * columns, columns * diagonal(values))
        and kernel.same(right, ascending(values))
    )
