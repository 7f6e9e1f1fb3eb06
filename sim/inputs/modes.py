"""The singular values of a reduced table, and what of the target lies along each.

The squares of the singular values of T are the eigenvalues of TT'. Where all of these stand far
above rounding, TT' serves. Elsewhere its rounding hides the small ones, and T itself is decomposed.

Features may differ in scale by any factor. Then T = BD with a diagonal D of powers of two, which
leave the columns of B with lengths of 1 to 2. One-sided Jacobi rotations after a pivoted QR
factorisation lose no more digits than B's condition number has (demmel1992; LAPACK's ``dgejsv``).
Therefore B tells what is rounding.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh_tridiagonal, qr
from scipy.linalg.lapack import dgejsv

from sim.inputs.reduced import Reduced, powers_of_two
from sim.inputs.tridiagonal import Tridiagonal

#: TT' serves where its smallest eigenvalue is above this share of its largest. Ten digits are left.
SAFE = 1e-6
#: The columns of T are decomposed as they are where their lengths differ by this factor at most.
ALIKE = 8
EPS = float(np.finfo(float).eps)
#: SciPy's numbers for what ``dgejsv`` does: the columns may be graded, all singular vectors are
#: computed, nothing is transposed or perturbed. Asked for some vectors alone, it damages memory.
GRADED = {"joba": 0, "jobu": 0, "jobv": 0, "jobt": 1, "jobp": 1}


@dataclass(frozen=True)
class Modes:
    """The squared singular values that are not zero, ascending, in T's units.

    ``components`` are the target's along the left singular vectors.
    ``outside`` is the squared length of the target's part along none of these.
    ``lost`` counts the directions that cannot be told from rounding.
    ``digits`` is the number of digits that rounding leaves of the smallest square, about.
    """

    squares: np.ndarray
    components: np.ndarray
    outside: float
    lost: int
    digits: int


def modes(reduced: Reduced, form: Tridiagonal) -> Modes:
    """The modes of T. ``form`` is TT'."""
    if not reduced.inputs.any():
        return Modes(np.empty(0), np.empty(0), float(form.start**2), 0, 0)
    squares = eigh_tridiagonal(form.diagonal, form.off_diagonal, eigvals_only=True)
    if squares[0] > SAFE * squares[-1]:
        squares, vectors = eigh_tridiagonal(form.diagonal, form.off_diagonal)
        descending = np.sqrt(squares[::-1]), form.start * vectors[0, ::-1]
        return _of_rank(len(squares), *descending, squares[-1] / squares[0])
    lengths = np.linalg.norm(reduced.inputs, axis=0)
    if reduced.apart and lengths.max() > ALIKE * lengths.min():
        return _by_rotations(reduced, powers_of_two(lengths))
    vectors, singular, _ = np.linalg.svd(reduced.inputs, full_matrices=False)
    rank = _rank(singular, reduced.floor)
    along = vectors.T @ reduced.target
    return _of_rank(rank, singular[:rank], along, singular[0] / singular[max(rank, 1) - 1])


def _by_rotations(reduced: Reduced, scales: np.ndarray) -> Modes:
    """The modes of T where its columns are ``scales`` times columns of length 1 to 2."""
    alike = reduced.inputs / scales
    values = np.linalg.svd(alike, compute_uv=False)
    rank = _rank(values, reduced.floor)
    basis, triangle, order = qr(alike, mode="economic", pivoting=True)
    along = basis.T @ reduced.target
    dependent = order[rank:]
    # what a column depends on by rounding alone would count once its scale is back
    triangle[:, rank:][np.abs(triangle[:, rank:]) <= reduced.floor * values[0]] = 0.0
    singular, vectors = _jacobi(triangle[:rank] * scales[order])
    # the columns that depend on the others are off by eps of their length
    hidden = max(values[0] / values[rank - 1], scales[dependent].max(initial=0.0) / singular[-1])
    along[:rank] = vectors.T @ along[:rank]
    return _of_rank(rank, singular, along, hidden)


def _rank(singular: np.ndarray, floor: float) -> int:
    return int(np.count_nonzero(singular > floor * singular[0]))


def _of_rank(rank: int, singular: np.ndarray, along: np.ndarray, condition: float) -> Modes:
    """The modes of ``singular`` values that descend. ``along`` them lies the target."""
    outside = float(along[rank:] @ along[rank:])
    digits = max(0, int(-np.log10(EPS * condition)))
    return Modes(singular[::-1] ** 2, along[:rank][::-1], outside, len(along) - rank, digits)


def _jacobi(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The singular values, descending, and the left singular vectors of a matrix of full rank.

    The columns may be graded. A pivoted factorisation moves the grades into the rows.
    """
    basis, triangle, _ = qr(matrix, mode="economic", pivoting=True)
    values, _, vectors, work, _, failed = dgejsv(triangle.T, **GRADED)
    if failed:
        raise np.linalg.LinAlgError("the Jacobi rotations did not converge")
    return values * (work[0] / work[1]), basis @ vectors
