"""The least of a quadratic, the solution of linear equations, the most over a ball of matrices."""

from importlib import import_module
from typing import Any

import numpy as np
import sympy as sp

from theory.definitions.arrays import pseudo_inverse
from theory.definitions.scope import NoMeaningError, Scope
from theory.definitions.slopes import gradient, hessian
from theory.functions.eigenvalues import largest
from theory.functions.heads import grad, hess

#: Starts of a climb over matrices. Each may end on a hill that is not the highest, so that the best
#: is a lower bound of the supremum. The estimate says so.
STARTS = 6


def least_of_quadratic(value: Any, letters: Any, scope: Scope) -> dict[Any, Any]:
    """Where a polynomial of degree 2 is least, by Newton's step in one matrix after another until
    all slopes vanish."""
    at: dict[Any, Any] = {x: scope.array(np.zeros(scope.shape(x))) for x in letters}
    curvatures = {x: hessian(value, x, scope.moved(at)) for x in letters}
    if any(np.linalg.eigvalsh(each.astype(float)).min() < -1e-9 for each in curvatures.values()):
        raise NoMeaningError("the value has no minimum")
    inverses = {x: _pinv(each) for x, each in curvatures.items()}
    for _ in range(1000):
        rest = 0
        for x in letters:
            slope = gradient(value, x, scope.moved(at))
            rest = max(rest, np.abs(slope).max())
            way = inverses[x] @ np.swapaxes(slope, 0, 1).reshape(-1, 1)
            at[x] = at[x] - np.swapaxes(way.reshape(slope.shape[::-1]), 0, 1)
        if rest <= 1e-9:  # its square is what the value is off
            return at
    raise NoMeaningError("the slopes of the value do not vanish")


def _pinv(matrix: np.ndarray) -> np.ndarray:
    return pseudo_inverse(matrix) if matrix.dtype == object else np.linalg.pinv(matrix)


def solution(letter: Any, column: Any, letters: Any, scope: Scope) -> Any:
    """A letter of several in which a column is linear, where the column is zero."""
    zero = scope.number(sp.S.Zero)
    rest = scope.bound(dict.fromkeys(letters, zero)).of(column)
    ways = []
    for x in letters:
        here = dict.fromkeys(letters, zero) | {x: scope.number(sp.S.One)}
        ways.append((scope.bound(here).of(column) - rest)[:, 0])
    matrix = np.array(ways).T
    found = -_pinv(matrix.T @ matrix) @ (matrix.T @ rest)
    if np.abs(matrix @ found + rest).max() > 1e-9 * np.abs(rest).max():
        raise NoMeaningError("no values of the letters make the column zero")
    return found[list(letters).index(letter), 0]


def largest_over_matrix(value: Any, letter: Any, conditions: Any, scope: Scope) -> float:
    """The supremum of a value over matrices X of a bounded spectral norm, by climbing from several
    starts. X'w = y, where it is asked, fixes X along w and narrows the ball across w."""
    scope.notes.climbed = True
    rows, columns = scope.shape(letter)
    bound, fixed, across, root = None, np.zeros((rows, columns)), np.eye(rows), np.eye(columns)
    for each in conditions:
        if isinstance(each, sp.LessThan) and each.lhs == largest(letter.T * letter):
            bound = float(scope.of(each.rhs))
    equal = [each for each in conditions if isinstance(each, sp.Eq)]
    if bound is None or len(conditions) != 1 + len(equal):
        raise NoMeaningError(f"{letter} is in no ball")
    room = bound * np.eye(columns)
    for each in equal:
        w, y = scope.of(each.lhs.args[-1]), scope.of(each.rhs)
        if each.lhs != letter.T * each.lhs.args[-1]:
            raise NoMeaningError(f"{each} is no condition X'w = y")
        length = float((w * w).sum())
        fixed, room = w @ y.T / length, room - y @ y.T / length
        across = np.linalg.svd(w, full_matrices=True)[0][:, 1:]
    values, vectors = np.linalg.eigh(room)
    if values.min() < -1e-12 * bound:
        raise NoMeaningError(f"no {letter} in the ball meets {equal[0]}")
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    shape = (across.shape[1], columns)

    def matrix(free: np.ndarray) -> np.ndarray:
        inside = free.reshape(shape)
        return fixed + across @ (inside / max(1.0, np.linalg.norm(inside, 2))) @ root

    def below(free: np.ndarray) -> float:
        return -float(scope.bound({letter: matrix(free)}).of(value))

    fixed_parts = {
        part: sp.MatrixSymbol(f"fixed_{i}", *part.shape)
        for i, part in enumerate(sorted(value.atoms(grad, hess), key=str))
        if letter not in part.free_symbols
    }
    scope = scope.bound({name: scope.of(part) for part, name in fixed_parts.items()})
    value = value.xreplace(fixed_parts)
    random = np.random.default_rng(scope.arbitrary)
    minimise = import_module("scipy.optimize").minimize
    found = []
    for _ in range(STARTS):
        end = minimise(below, random.standard_normal(shape[0] * shape[1]), method="Powell",
                       options={"xtol": 1e-10, "ftol": 1e-15, "maxiter": 4000})  # fmt: skip
        found.append(-float(end.fun))
    return max(found)
