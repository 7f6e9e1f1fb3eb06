"""Random data matrices and their spectra are drawn exactly in law, for Gaussian inputs in O(N^2).

N is the number of inputs and p the number of examples. R = XX'/p with X of N x p.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh_tridiagonal, eigvalsh_tridiagonal

Vector = np.ndarray

#: The number of widths of the edge's Airy function that hold an extreme eigenvector. Beyond 20
#: widths, even after a fluctuation by 8, exp(-(2/3) 12^(3/2)) = 1e-12 of its length is left.
AIRY_WIDTHS = 20


@dataclass(frozen=True)
class Bidiagonal:
    """A lower bidiagonal matrix B. BB' has the spectrum of R without ``nulls`` of its zeros."""

    diagonal: Vector
    below: Vector
    nulls: int

    def tridiagonal(self) -> tuple[Vector, Vector]:
        """The diagonal and the off-diagonal of BB'."""
        squares = np.zeros(len(self.below) + 1)
        squares[: len(self.diagonal)] = self.diagonal**2
        squares[1:] += self.below**2
        return squares, self.diagonal[: len(self.below)] * self.below

    def eigenvalues(self) -> Vector:
        """All eigenvalues of R in ascending order, in O(N^2)."""
        # sterf, a QR without square roots or vectors, is three times faster than the default
        nonzero = eigvalsh_tridiagonal(*self.tridiagonal(), lapack_driver="sterf")
        return np.concatenate([np.zeros(self.nulls), np.maximum(nonzero, 0.0)])

    def largest(self) -> float:
        """The largest eigenvalue of R, in O(N) by bisection."""
        return self._squared_singular_value(len(self.diagonal) - 1)

    def smallest(self) -> float:
        """The smallest eigenvalue that is not zero by rank, in O(N) by bisection."""
        return self._squared_singular_value(0)

    def _squared_singular_value(self, index: int) -> float:
        # [[0, B], [B', 0]], permuted, has a zero diagonal and the eigenvalues +-sigma. Without the
        # squares of BB' bisection finds the smallest to full relative accuracy. The default of
        # ``tol``, an absolute tolerance, would spoil this accuracy.
        size = len(self.diagonal)
        off = np.empty(2 * size - 1)
        off[::2], off[1::2] = self.diagonal, self.below
        (smallest,) = eigvalsh_tridiagonal(
            np.zeros(2 * size),
            off,
            select="i",
            select_range=(size + index, size + index),
            tol=np.finfo(float).tiny,
        )
        return float(smallest**2)


def gaussian(
    rng: np.random.Generator, N: int, p: int, mean: float = 0.0, variance: float = 1.0
) -> Bidiagonal:
    """The spectrum of R for independent N(mean, variance) inputs, from O(N) random numbers.

    Rotations of inputs and of examples turn the mean into one entry, mean sqrt(N p), of an
    otherwise centred Gaussian matrix. Householder reflections then make that matrix lower
    bidiagonal. Its entries are independent chi variables, and the first entry is non-central
    (dumitriuedelman2002, theorem 3.1, here with a mean).

    The reflections begin on the long side. If they begin on the short side, they leave a matrix
    with one more column. If that column is dropped, the largest eigenvalue still agrees and the
    smallest is zero.
    """
    long, short = max(N, p), min(N, p)
    return _chi(rng, long, short, p, mean * np.sqrt(N * p / variance), variance, N - short)


def corner(
    rng: np.random.Generator, N: int, p: int, mean: float = 0.0, variance: float = 1.0
) -> Bidiagonal:
    """The leading rows of ``gaussian``: O(N^(1/3)) numbers for its two extreme eigenvalues.

    Down the rows the entries shrink, and with them the band of eigenvalues that they allow. The
    eigenvectors of the extremes therefore fall off from the first row like an Airy function of
    width (N/edge)^(1/3). At N = p the smallest eigenvalue has no such edge, and all rows are kept.
    """
    long, short = max(N, p), min(N, p)
    edge = (np.sqrt(long) - np.sqrt(short)) ** 2 / p
    rows = short if edge == 0 else int(min(short, AIRY_WIDTHS * (N / edge) ** (1 / 3)))
    shift = mean * np.sqrt(N * p / variance)
    return _chi(rng, long, short, p, shift, variance, N - short, rows)


def centred(rng: np.random.Generator, N: int, p: int, variance: float = 1.0) -> Bidiagonal:
    """The spectrum of the covariance of p independent Gaussian examples without their sample means.

    A rotation of the examples moves the means into one example and leaves p - 1 examples without a
    mean (muirhead1982, theorem 3.1.2). The covariance still divides by p.
    """
    if p == 1:
        return Bidiagonal(np.zeros(1), np.zeros(0), N - 1)
    return gaussian(rng, N, p - 1, 0.0, variance * (p - 1) / p)


def overlap(
    rng: np.random.Generator, N: int, p: int, mean: float, variance: float = 1.0
) -> tuple[float, float]:
    """R's largest eigenvalue, and its eigenvector's squared overlap with (1, ..., 1)/sqrt N.

    Reflections that begin on the examples' side leave the first input in place. The overlap is then
    the squared first component of the tridiagonal matrix's eigenvector. Where N > p the bidiagonal
    matrix has p columns and p + 1 rows.
    """
    squares, off = _chi(rng, p, N, p, mean * np.sqrt(N * p / variance), variance, 0).tridiagonal()
    top = len(squares) - 1
    value, vector = eigh_tridiagonal(squares, off, select="i", select_range=(top, top))
    return float(value[0]), float(vector[0, 0] ** 2)


def _chi(
    rng: np.random.Generator,
    first: int,
    second: int,
    p: int,
    shift: float,
    variance: float,
    nulls: int,
    rows: int | None = None,
) -> Bidiagonal:
    """The matrix that reflections leave of a second x first Gaussian matrix, or its leading
    ``rows``.

    The diagonal has chi_first (non-central by ``shift``), chi_(first-1), ... Below it stand
    chi_(second-1), chi_(second-2), ... All are scaled by sqrt(variance/p).
    """
    rows = min(second, first + 1) if rows is None else rows
    degrees = first - np.arange(min(rows, first))
    shifts = np.where(degrees == first, shift**2, 0.0)
    scale = variance / p
    return Bidiagonal(
        np.sqrt(scale * rng.noncentral_chisquare(degrees, shifts)),
        np.sqrt(scale * rng.chisquare(second - 1 - np.arange(rows - 1))),
        nulls,
    )


#: Laws of an input, standardised to mean 0 and variance 1.
LAWS: dict[str, Callable[[np.random.Generator, tuple[int, ...]], Vector]] = {
    "gaussian": lambda rng, shape: rng.standard_normal(shape),
    "bernoulli": lambda rng, shape: 2.0 * rng.integers(0, 2, shape) - 1.0,
    "uniform": lambda rng, shape: np.sqrt(12) * (rng.random(shape) - 0.5),
    "exponential": lambda rng, shape: rng.standard_exponential(shape) - 1.0,
    "rectified": lambda rng, shape: (
        (np.maximum(rng.standard_normal(shape), 0.0) - np.sqrt(0.5 / np.pi))
        / np.sqrt(0.5 - 0.5 / np.pi)
    ),
}


def inputs(
    rng: np.random.Generator,
    N: int,
    p: int,
    mean: float = 0.0,
    variance: float = 1.0,
    law: str = "gaussian",
) -> np.ndarray:
    """Data X of N x p, with independent inputs of the given law, mean and variance."""
    return mean + np.sqrt(variance) * LAWS[law](rng, (N, p))


def dense(
    rng: np.random.Generator,
    N: int,
    p: int,
    mean: float = 0.0,
    variance: float = 1.0,
    law: str = "gaussian",
) -> Vector:
    """All eigenvalues of R from N p random numbers, in O(N^2 p).

    This plain form is the oracle for the fast forms.
    """
    return spectrum(inputs(rng, N, p, mean, variance, law))


def spectrum(X: np.ndarray) -> Vector:
    """All N eigenvalues of XX'/p for an N x p matrix X, ascending."""
    N, p = X.shape
    gram = X @ X.T if p >= N else X.T @ X
    nonzero = np.maximum(np.linalg.eigvalsh(gram / p), 0.0)
    return np.concatenate([np.zeros(N - len(nonzero)), nonzero])
