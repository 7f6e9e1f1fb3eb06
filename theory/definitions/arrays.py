"""Matrices and their functions: products, blocks, eigenvalues; one matrix, or one per draw."""

from typing import Any

import mpmath
import numpy as np
import sympy as sp
from sympy.matrices.expressions.blockmatrix import BlockMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from theory.definitions.scope import Meaning, NoMeaningError, Scope, is_matrix
from theory.functions import eigenvalues, large, levels, matrices, rates, stated


def _number_of(value: Any) -> Any:
    """A number, one per draw, as a factor of matrices."""
    return np.asarray(value)[..., None, None] if np.ndim(value) else value


def _add(e: Any, scope: Scope) -> Any:
    total = scope.of(e.args[0])
    for part in e.args[1:]:
        total = total + scope.of(part)
    return total


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
    return np.array(mpmath.inverse(mpmath.matrix(matrix.tolist())).tolist(), dtype=object)


def _pinv(e: Any, scope: Scope) -> Any:
    matrix = scope.of(e.args[0])
    if matrix.dtype != object:
        return np.linalg.pinv(matrix, rcond=max(matrix.shape[-2:]) * np.finfo(float).eps)
    return pseudo_inverse(matrix)


def pseudo_inverse(matrix: np.ndarray) -> np.ndarray:
    """By the eigenvalues of A'A that are not rounding."""
    values, vectors = _symmetric(matrix.T @ matrix)
    floor = max(map(abs, values), default=0) * mpmath.mpf(10) ** (-mpmath.mp.dps // 2)
    inverses = np.array([1 / x if x > floor else mpmath.mpf(0) for x in values], dtype=object)
    return (vectors * inverses) @ vectors.T @ matrix.T


def _symmetric(matrix: np.ndarray) -> tuple[Any, Any]:
    """Eigenvalues in ascending order and eigenvectors, in columns."""
    matrix = (matrix + np.swapaxes(matrix, -1, -2)) / 2
    if matrix.dtype != object:
        return np.linalg.eigh(matrix)
    values, vectors = mpmath.eigsy(mpmath.matrix(matrix.tolist()))
    order = sorted(range(len(values)), key=lambda i: values[i])
    columns = np.array(vectors.tolist(), dtype=object)[:, order]
    return np.array([values[i] for i in order], dtype=object), columns


def _of_spectrum(choose: Any) -> Meaning:
    """A function of the ascending eigenvalues of a symmetric matrix."""

    def meaning(e: Any, scope: Scope) -> Any:
        matrix = scope.of(e.args[0])
        if matrix.dtype != object:
            matrix = (matrix + np.swapaxes(matrix, -1, -2)) / 2
            return choose(np.linalg.eigvalsh(matrix), *(scope.whole(x) for x in e.args[1:]))
        return choose(_symmetric(matrix)[0], *(scope.whole(x) for x in e.args[1:]))

    return meaning


def _smallest_positive(values: Any) -> Any:
    eps = mpmath.mpf(10) ** (-mpmath.mp.dps // 2) if values.dtype == object else np.finfo(float).eps
    floor = 64 * values.shape[-1] * eps * np.max(np.abs(values), axis=-1)
    if values.ndim > 1:
        above = np.where(values > floor[..., None], values, np.inf)
        return above.min(axis=-1)
    return min(x for x in values if x > floor)


def _nth(values: Any, n: int) -> Any:
    return values[..., -n] if n <= values.shape[-1] else -np.inf


def _share(e: Any, scope: Scope) -> Any:
    values = _of_spectrum(lambda all_: all_)(sp.Tuple(e.args[0]), scope)
    return np.mean(values <= scope.of(e.args[1]), axis=-1)


def _radius(e: Any, scope: Scope) -> Any:
    matrix = scope.of(e.args[0])
    if matrix.dtype != object:
        return np.abs(np.linalg.eigvals(matrix)).max(axis=-1)
    values = mpmath.eig(mpmath.matrix(matrix.tolist()), left=False, right=False)
    return max(abs(x) for x in values)


def _rank(e: Any, scope: Scope) -> Any:
    matrix = scope.of(e.args[0])
    if matrix.dtype != object:
        return float(np.linalg.matrix_rank(matrix))
    values = _symmetric(matrix.T @ matrix)[0]
    floor = max(map(abs, values)) * mpmath.mpf(10) ** (-mpmath.mp.dps // 3)
    return mpmath.mpf(sum(x > floor for x in values))


def _multiplicity(e: Any, scope: Scope) -> Any:
    values = _of_spectrum(lambda all_: all_)(sp.Tuple(e.args[0]), scope)
    close = np.abs(values).max() * (1e-9 if values.dtype != object else mpmath.mpf(10) ** -40)
    return scope.number(sp.Integer(int(sum(abs(values - scope.of(e.args[1])) <= close))))


def _eigenvalue_of(e: Any, scope: Scope) -> Any:
    matrix, vector = (scope.of(each) for each in e.args)
    image = matrix @ vector
    value = (vector * image).sum() / (vector * vector).sum()
    rest = np.abs(image - value * vector).max()
    if rest > np.abs(image).max() * 1e-9 + 1e-30:
        raise NoMeaningError("the column is no eigenvector")
    return value


def _eigenvector_to(e: Any, scope: Scope) -> Any:
    matrix, wanted = scope.of(e.args[0]), scope.of(e.args[1])
    values, vectors = _symmetric(matrix)
    place = min(range(len(values)), key=lambda i: abs(values[i] - wanted))
    if abs(values[place] - wanted) > 1e-9 * abs(values).max():
        raise NoMeaningError(f"{e.args[1]} is no eigenvalue")
    return vectors[:, place : place + 1]


def _exponential(e: Any, scope: Scope) -> Any:
    matrix = scope.of(e.args[0])
    if matrix.dtype == object:
        return np.array(mpmath.expm(mpmath.matrix(matrix.tolist())).tolist(), dtype=object)
    values, vectors = _symmetric(matrix)
    return (vectors * np.exp(values)[..., None, :]) @ np.swapaxes(vectors, -1, -2)


def _top(matrix: np.ndarray) -> np.ndarray:
    return _symmetric(matrix)[1][..., :, -1:]


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
    sp.MatAdd: _add,
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
    matrices.exponential: _exponential,
    eigenvalues.largest: _of_spectrum(lambda x: x[..., -1]),
    eigenvalues.smallest: _of_spectrum(lambda x: x[..., 0]),
    eigenvalues.second_largest: _of_spectrum(lambda x: _nth(x, 2)),
    eigenvalues.nth_largest: _of_spectrum(_nth),
    eigenvalues.smallest_positive: _of_spectrum(_smallest_positive),
    eigenvalues.eigenvalues: _of_spectrum(lambda x: x[..., :, None]),
    stated.condition: _of_spectrum(lambda x: x[..., -1] / x[..., 0]),
    stated.rank: _rank,
    rates.radius: _radius,
    rates.eigenvector_to: _eigenvector_to,
    levels.multiplicity: _multiplicity,
    levels.eigenvalue_of: _eigenvalue_of,
    large.share: _share,
    large.top: lambda e, scope: _top(scope.of(e.args[0])),
}
