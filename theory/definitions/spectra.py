"""Spectra: eigenvalues, ranks, eigenvectors of one matrix, or of one per draw."""

from typing import Any

import mpmath
import numpy as np
import sympy as sp

from theory.definitions.arrays import in_digits, symmetric
from theory.definitions.scope import Meaning, NoMeaningError, Scope
from theory.functions import eigenvalues, large, levels, matrices, rates, stated


def _of_spectrum(choose: Any) -> Meaning:
    """A function of the ascending eigenvalues of a symmetric matrix."""

    def meaning(e: Any, scope: Scope) -> Any:
        matrix = scope.of(e.args[0])
        if matrix.dtype != object:
            matrix = (matrix + np.swapaxes(matrix, -1, -2)) / 2
            return choose(np.linalg.eigvalsh(matrix), *(scope.whole(x) for x in e.args[1:]))
        return choose(symmetric(matrix)[0], *(scope.whole(x) for x in e.args[1:]))

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


def _spectrum(matrix: Any, scope: Scope) -> Any:
    return _of_spectrum(lambda values: values)(sp.Tuple(matrix), scope)


def _share(e: Any, scope: Scope) -> Any:
    if isinstance(e.args[0], matrices.kron):  # its eigenvalues are the products
        parts = [_spectrum(each, scope) for each in e.args[0].args]
        values = (parts[0][..., :, None] * parts[1][..., None, :]).reshape(-1)
    else:
        values = _spectrum(e.args[0], scope)
    return np.mean(values <= scope.of(e.args[1]), axis=-1)


def _radius(e: Any, scope: Scope) -> Any:
    matrix = scope.of(e.args[0])
    if matrix.dtype != object:
        turned = np.swapaxes(matrix, -1, -2)
        if np.abs(matrix - turned).max() <= 1e-13 * np.abs(matrix).max():  # much quicker
            return np.abs(np.linalg.eigvalsh((matrix + turned) / 2)).max(axis=-1)
        return np.abs(np.linalg.eigvals(matrix)).max(axis=-1)
    return max(abs(x) for x in _any_eigenvalues(matrix))


def _any_eigenvalues(matrix: np.ndarray) -> Any:
    """Eigenvalues of a matrix that need not be symmetric, in numbers of many digits."""
    if len(matrix) == 1:  # mpmath's list has a list there
        return [matrix[0, 0]]
    return mpmath.eig(mpmath.matrix(matrix.tolist()), left=False, right=False)


def _condition(e: Any, scope: Scope) -> Any:
    """Of a matrix that need not be symmetric, but has positive eigenvalues."""
    matrix = scope.of(e.args[0])
    if matrix.dtype != object:
        values = np.linalg.eigvals(matrix).real
        return values.max(axis=-1) / values.min(axis=-1)
    parts = [mpmath.re(x) for x in _any_eigenvalues(matrix)]
    return max(parts) / min(parts)


def _rank(e: Any, scope: Scope) -> Any:
    matrix = scope.of(e.args[0])
    if matrix.dtype != object:
        return float(np.linalg.matrix_rank(matrix))
    values = symmetric(matrix.T @ matrix)[0]
    share, left = mpmath.mpf(10) ** (-mpmath.mp.dps // 3), mpmath.mpf(10) ** -36
    floor = max(share * max(map(abs, values)), left)  # what differences leave of a zero, squared
    return mpmath.mpf(sum(x > floor for x in values))


def _multiplicity(e: Any, scope: Scope) -> Any:
    values = _spectrum(e.args[0], scope)
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
    values, vectors = symmetric(matrix)
    place = min(range(len(values)), key=lambda i: abs(values[i] - wanted))
    if abs(values[place] - wanted) > 1e-9 * abs(values).max():
        raise NoMeaningError(f"{e.args[1]} is no eigenvalue")
    return vectors[:, place : place + 1]


def _exponential(e: Any, scope: Scope) -> Any:
    matrix = scope.of(e.args[0])
    if matrix.dtype == object:
        return in_digits(mpmath.expm, matrix)
    values, vectors = symmetric(matrix)
    return (vectors * np.exp(values)[..., None, :]) @ np.swapaxes(vectors, -1, -2)


def _top(matrix: np.ndarray) -> np.ndarray:
    return symmetric(matrix)[1][..., :, -1:]


MEANINGS: dict[type, Meaning] = {
    matrices.exponential: _exponential,
    eigenvalues.largest: _of_spectrum(lambda x: x[..., -1]),
    eigenvalues.smallest: _of_spectrum(lambda x: x[..., 0]),
    eigenvalues.second_largest: _of_spectrum(lambda x: _nth(x, 2)),
    eigenvalues.nth_largest: _of_spectrum(_nth),
    eigenvalues.smallest_positive: _of_spectrum(_smallest_positive),
    eigenvalues.eigenvalues: _of_spectrum(lambda x: x[..., :, None]),
    stated.condition: _condition,
    stated.rank: _rank,
    rates.radius: _radius,
    rates.eigenvector_to: _eigenvector_to,
    levels.multiplicity: _multiplicity,
    levels.eigenvalue_of: _eigenvalue_of,
    large.share: _share,
    large.top: lambda e, scope: _top(scope.of(e.args[0])),
}
