"""Rules about eigenvalues of a symmetric matrix whose structure is explicit."""

from typing import Any

import sympy as sp

from theory.functions.columns import diagonal, inner
from theory.functions.eigenvalues import eigenvalues, largest, smallest
from theory.functions.matrices import ascending
from theory.functions.stated import condition
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def plane_and_rest(
    kernel: Kernel, left: Any, right: Any, relation: str, plane: Any, values: Any, of: Any = None
) -> bool:
    """A symmetric M that takes a plane to itself, and is a number c on all that is orthogonal to
    it, has the eigenvalues of its matrix on the plane, and c.

    ``plane`` are orthogonal columns, none of them zero; ``values`` are the roots of the
    characteristic polynomial of M's matrix in them. The largest or smallest of all replaces
    ``largest(M)`` or ``smallest(M)`` in ``left``; c does where the plane is not the whole space.
    ``of`` is M where there are more matrices.
    """
    asked = {each for each in left.atoms(largest, smallest) if of is None or each.args[0] == of}
    matrices = {each.args[0] for each in asked}
    if relation != "=" or len(matrices) != 1:
        return False
    (matrix,) = matrices
    beside = _beside(kernel, matrix, plane)
    if beside is None or not _roots(kernel, matrix, plane, values):
        return False
    room = kernel.has_sign(matrix.shape[0] - len(plane), "is_positive")
    met = values if kernel.same(matrix.shape[0], len(plane)) else (*values, beside)
    ends = {}
    for each in asked:
        sign = 1 if isinstance(each, largest) else -1
        for value in (*values, *([beside] if room else [])):
            if all(kernel.nonnegative(sign * (value - other)) for other in met):
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
        kernel.same(columns.T * columns, sp.Identity(columns.shape[1]))
        and kernel.same(columns * columns.T, sp.Identity(columns.shape[0]))
        and kernel.same(matrix, matrix.T)
        and kernel.same(matrix * columns, columns * diagonal(values))
        and kernel.same(right, ascending(values))
    )


@rule
def condition_of_similar(
    kernel: Kernel, left: Any, right: Any, relation: str, change: Any, back: Any
) -> bool:
    """RR'H has the eigenvalues of R'HR, as R^-1(RR'H)R is R'HR; for a symmetric H they are real,
    and the condition number is the largest over the smallest."""
    if relation != "=" or not isinstance(left, condition):
        return False
    (matrix,) = left.args
    inside = back * matrix * change
    return (
        kernel.same(change * back, sp.Identity(change.shape[0]))
        and kernel.same(back * change, sp.Identity(change.shape[1]))
        and kernel.same(inside, inside.T)
        and isinstance(right, sp.Mul)
        and {type(each) for each in right.atoms(largest, smallest)} == {largest, smallest}
        and all(kernel.same(each.args[0], inside) for each in right.atoms(largest, smallest))
        and right == largest(_only(right)) / smallest(_only(right))
    )


def _only(expression: Any) -> Any:
    """The one matrix whose extreme eigenvalues stand in an expression."""
    (matrix,) = {each.args[0] for each in expression.atoms(largest, smallest)}
    return matrix


@rule
def number_beside(
    kernel: Kernel, left: Any, right: Any, relation: str, block: Any, at: Any
) -> bool:
    """Beside a symmetric C a number that is a value x'Cx at some x of length 1 is neither the
    largest nor the smallest eigenvalue alone: the two of [[C, 0], [0, x'Cx]] are those of C."""
    asked = left.atoms(largest, smallest)
    if relation != "=" or len({each.args[0] for each in asked}) != 1:
        return False
    matrix, rows = _only(left), block.shape[0]
    apart = sp.BlockMatrix(
        [
            [block, sp.ZeroMatrix(rows, 1)],
            [sp.ZeroMatrix(1, rows), inner(at, block * at) * sp.Identity(1)],
        ]
    )
    return (
        kernel.same(inner(at, at), sp.Integer(1))
        and kernel.same(block, block.T)
        and kernel.same(matrix, apart)
        and kernel.same(left.xreplace({each: each.func(block) for each in asked}), right)
    )
