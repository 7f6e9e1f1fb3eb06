"""Matrices: sums, products, inverses, blocks; one matrix, or one per draw."""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from sympy.matrices.expressions.blockmatrix import BlockMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from theory.definitions.elementary import add
from theory.definitions.scope import Meaning, Scope, is_matrix
from theory.functions import matrices


def _number_of(value: Any) -> Any:
    """A number, one per draw, as a factor of matrices."""
    return np.asarray(value)[..., None, None] if np.ndim(value) else value


def _multiply(e: Any, scope: Scope) -> Any:
    product, factor = None, 1
    for part in e.args:
        value = scope.of(part)
        if not is_matrix(part):
            factor = factor * value
        elif product is None:
            product = value
        else:
            product = np.matmul(product, value)
    return product * _number_of(factor)


def _power(e: Any, scope: Scope) -> Any:
    base, exponent = scope.of(e.base), scope.whole(e.exp)
    if exponent < 0:
        return power(inverse(base), -exponent)
    return power(base, exponent)


def power(matrix: np.ndarray, exponent: int) -> np.ndarray:
    """A matrix multiplied with itself."""
    result = None
    while exponent:
        if exponent % 2:
            result = matrix if result is None else np.matmul(result, matrix)
        exponent //= 2
        matrix = np.matmul(matrix, matrix) if exponent else matrix
    if result is None:
        one = np.eye(matrix.shape[-1])
        return one + 0 * matrix
    return result


def inverse(matrix: np.ndarray) -> np.ndarray:
    """The inverse; of a singular one there is no value."""
    if matrix.dtype != object:
        return np.linalg.inv(matrix)
    return in_digits(mpmath.inverse, matrix)


def in_digits(function: Callable[[Any], Any], matrix: np.ndarray) -> np.ndarray:
    """A function of mpmath's matrices at an array of mpf's, as such an array."""
    return np.array(function(mpmath.matrix(matrix.tolist())).tolist(), dtype=object)


def _pinv(e: Any, scope: Scope) -> Any:
    matrix = scope.of(e.args[0])
    if matrix.dtype != object:
        return np.linalg.pinv(matrix, rcond=max(matrix.shape[-2:]) * np.finfo(float).eps)
    return pseudo_inverse(matrix)


def pseudo_inverse(matrix: np.ndarray) -> np.ndarray:
    """By the eigenvalues of A'A that are not rounding."""
    values, vectors = symmetric(matrix.T @ matrix)
    floor = max(map(abs, values), default=0) * mpmath.mpf(10) ** (-mpmath.mp.dps // 2)
    inverses = np.array([1 / x if x > floor else mpmath.mpf(0) for x in values], dtype=object)
    return (vectors * inverses) @ vectors.T @ matrix.T


def symmetric(matrix: np.ndarray) -> tuple[Any, Any]:
    """Eigenvalues in ascending order and eigenvectors, in columns."""
    matrix = (matrix + np.swapaxes(matrix, -1, -2)) / 2
    if matrix.dtype != object:
        return np.linalg.eigh(matrix)
    values, vectors = mpmath.eigsy(mpmath.matrix(matrix.tolist()))
    order = sorted(range(len(values)), key=lambda i: values[i])
    columns = np.array(vectors.tolist(), dtype=object)[:, order]
    return np.array([values[i] for i in order], dtype=object), columns


def _constant(make: Any) -> Meaning:
    return lambda e, scope: scope.array(make(scope.shape(e)))


def _explicit(e: Any, scope: Scope) -> Any:
    rows = [[scope.of(e[i, j]) for j in range(e.cols)] for i in range(e.rows)]
    return np.array(rows, dtype=object if scope.precise else float)


def _blocks(e: Any, scope: Scope) -> Any:
    rows, columns = e.blockshape
    blocks = [[scope.of(e.blocks[i, j]) for j in range(columns)] for i in range(rows)]
    draws = np.broadcast_shapes(*(block.shape[:-2] for row in blocks for block in row))
    whole = [[np.broadcast_to(x, (*draws, *x.shape[-2:])) for x in row] for row in blocks]
    return np.concatenate([np.concatenate(row, axis=-1) for row in whole], axis=-2)


def _element(e: Any, scope: Scope) -> Any:
    matrix, i, j = e.args
    return scope.of(matrix)[..., scope.whole(i), scope.whole(j)]


def _transpose(e: Any, scope: Scope) -> Any:
    return np.swapaxes(scope.of(e.arg), -1, -2)


MEANINGS: dict[type, Meaning] = {
    sp.MatAdd: add,
    sp.MatMul: _multiply,
    sp.MatPow: _power,
    sp.Inverse: _power,
    sp.Transpose: _transpose,
    sp.MatrixSymbol: lambda e, scope: scope.letter(e),
    sp.OneMatrix: _constant(np.ones),
    sp.ZeroMatrix: _constant(np.zeros),
    sp.Identity: _constant(lambda shape: np.eye(shape[0])),
    sp.MatrixBase: _explicit,
    BlockMatrix: _blocks,
    MatrixElement: _element,
    matrices.pinv: _pinv,
}
