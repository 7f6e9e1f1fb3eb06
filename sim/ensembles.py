"""Random data matrices and their spectra, exactly in law and in O(N^2) for Gaussian inputs.

N: inputs, p: examples. R = XX'/p with X of N x p.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh_tridiagonal, eigvalsh_tridiagonal

Vector = np.ndarray


@dataclass(frozen=True)
class Tridiagonal:
    """A symmetric tridiagonal matrix with R's non-zero spectrum, and ``nulls`` zeros besides."""

    diagonal: Vector
    off_diagonal: Vector
    nulls: int

    def eigenvalues(self) -> Vector:
        """All eigenvalues of R in ascending order; O(N^2)."""
        found = eigvalsh_tridiagonal(self.diagonal, self.off_diagonal)
        return np.concatenate([np.zeros(self.nulls), np.maximum(found, 0.0)])

    def largest(self) -> float:
        """The largest eigenvalue of R; O(N) by bisection."""
        return float(self._extreme(len(self.diagonal) - 1))

    def smallest(self) -> float:
        """The smallest eigenvalue that is not zero by rank; O(N) by bisection."""
        return float(self._extreme(0))

    def _extreme(self, index: int) -> float:
        return eigvalsh_tridiagonal(
            self.diagonal, self.off_diagonal, select="i", select_range=(index, index)
        )[0]


def gaussian(
    rng: np.random.Generator, N: int, p: int, mean: float = 0.0, variance: float = 1.0
) -> Tridiagonal:
    """The spectrum of R for independent N(mean, variance) inputs, from O(N) random numbers.

    Rotations of inputs and of examples turn the mean into one entry, mean sqrt(N p), of an
    otherwise centred Gaussian matrix; Householder reflections then make that matrix lower
    bidiagonal, so that its entries are independent chi variables, the first of them non-central
    (dumitriuedelman2002, theorem 3.1, here with a mean).

    The reflections begin on the long side. Begun on the other they leave a matrix with one more
    column; if that column is dropped, the largest eigenvalue still agrees and the smallest is zero.
    """
    long, short = max(N, p), min(N, p)
    degrees = long - np.arange(short)
    diagonal = np.sqrt(rng.chisquare(degrees))
    shift = mean * np.sqrt(N * p / variance)
    diagonal[0] = np.sqrt((rng.standard_normal() + shift) ** 2 + _chisquare(rng, long - 1))
    below = np.sqrt(rng.chisquare(short - 1 - np.arange(short - 1)))
    scale = variance / p
    squares = diagonal**2
    squares[1:] += below**2
    return Tridiagonal(squares * scale, diagonal[:-1] * below * scale, N - short)


def dense(
    rng: np.random.Generator, N: int, p: int, mean: float = 0.0, variance: float = 1.0
) -> Vector:
    """All eigenvalues of R from N p Gaussian numbers: the plain form, O(N^2 p), and the oracle."""
    X = mean + np.sqrt(variance) * rng.standard_normal((N, p))
    return spectrum(X)


def spectrum(X: np.ndarray) -> Vector:
    """All N eigenvalues of XX'/p for an N x p matrix X, ascending."""
    N, p = X.shape
    gram = X @ X.T if p >= N else X.T @ X
    found = np.maximum(np.linalg.eigvalsh(gram / p), 0.0)
    return np.concatenate([np.zeros(N - len(found)), found])


def overlap(
    rng: np.random.Generator, N: int, p: int, mean: float, variance: float = 1.0
) -> tuple[float, float]:
    """R's largest eigenvalue, and its eigenvector's squared overlap with (1, ..., 1)/sqrt N.

    Begun on the examples' side the reflections leave the first input in place, so the overlap is
    the squared first component of the tridiagonal matrix's eigenvector; where N > p the bidiagonal
    matrix has p columns and p + 1 rows.
    """
    columns = min(N, p)
    rows = columns if p >= N else columns + 1
    degrees = p - np.arange(columns)
    diagonal = np.sqrt(rng.chisquare(degrees))
    shift = mean * np.sqrt(N * p / variance)
    diagonal[0] = np.sqrt((rng.standard_normal() + shift) ** 2 + _chisquare(rng, p - 1))
    below = np.sqrt(rng.chisquare(N - 1 - np.arange(rows - 1)))
    squares = np.zeros(rows)
    squares[:columns] = diagonal**2
    squares[1:] += below**2
    off = diagonal[: rows - 1] * below
    value, vector = eigh_tridiagonal(
        squares * variance / p, off * variance / p, select="i", select_range=(rows - 1, rows - 1)
    )
    return float(value[0]), float(vector[0, 0] ** 2)


def _chisquare(rng: np.random.Generator, degrees: int) -> float:
    return float(rng.chisquare(degrees)) if degrees > 0 else 0.0
