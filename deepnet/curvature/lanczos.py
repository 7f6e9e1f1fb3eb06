"""Lanczos with full re-orthogonalisation and thick restart: eigenpairs at both ends (wusimon2000).

A full basis restarts from the Ritz vectors nearest to the wanted ends and from the last remainder.

Lanczos finds a repeated eigenvalue once per random vector, and so may report it fewer times than it
occurs. ``deepnet.curvature.repeated`` finds all copies. An invariant subspace says nothing of its
complement. Where the basis spans one, Lanczos continues from a new random vector, until this vector
has had as many products and changes nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from deepnet.backend import array_module, to_host
from deepnet.curvature.krylov import Basis

Array = Any


@dataclass(frozen=True)
class Eigenpairs:
    """Pairs of a value and a vector v with A v = value v, up to a residual.

        residual = |A v - value v|

    ``lanczos`` returns it. A is symmetric, so that each value is within its residual of an
    eigenvalue. Before convergence this need not be the eigenvalue of the same rank: Lanczos may
    have missed one.

    Attributes:
        values: The largest eigenvalues, descending, then the smallest, ascending, (k,).
        vectors: The vectors v in columns (n, k), of length one, on the host. The largest entry of
            each is positive.
        residuals: The residuals (k,), in the unit of the values. They come from computed products.
        products: How many products with A were computed.
        size: A lower bound of the largest |eigenvalue| of A, from all computed products.

    Reference:
        parlett1998

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> pairs = lanczos(aslinearoperator(np.diag([1.0, 5.0])), np.random.default_rng(0))
        >>> pairs.values.round(9).tolist(), pairs.vectors[1].round(9).tolist(), pairs.products
        ([5.0], [1.0], 2)
    """

    values: np.ndarray
    vectors: np.ndarray
    residuals: np.ndarray
    products: int
    size: float = 0.0


def lanczos(
    operator: LinearOperator,
    rng: np.random.Generator,
    top: int = 1,
    bottom: int = 0,
    *,
    products: int = 1000,
    tolerance: float = 1e-3,
    rows: int | None = None,
    start: np.ndarray | None = None,
    known: np.ndarray | None = None,
    watch: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> Eigenpairs:
    """The largest and smallest eigenpairs of a symmetric matrix A, from products with it.

        T y = theta y,    T = V A V',    pairs (theta, V'y)

    The rows of V are an orthonormal basis of the Krylov space, re-orthogonalised in full. A Ritz
    value theta never lies outside the range of the eigenvalues. The largest one therefore
    approaches the largest eigenvalue from below. It is within its residual r of an eigenvalue, and
    within r^2/gap of it, where gap is the distance of theta from all other eigenvalues.

    Lanczos stops when each residual is at most ``tolerance`` |value| (or rounding in the operator's
    dtype), or after ``products`` products. A caller must look at the residuals. An eigenvalue that
    occurs twice may be found once. See ``repeated``.

    Args:
        operator: A, a symmetric SciPy ``LinearOperator`` (n, n).
        rng: The source of all random vectors.
        top: How many of the largest eigenvalues.
        bottom: How many of the smallest eigenvalues.
        products: The largest number of products with A.
        tolerance: The largest residual, as a share of |value|.
        rows: The largest number of rows of V (None: the larger of 100 and 2 (top + bottom) + 40).
            Each takes 16 n bytes.
        start: The first vector (n,) (None: a random one). It needs a part along the wanted
            eigenvectors.
        known: Orthonormal eigenvectors in columns (n, k). The pairs are then pairs of A on the
            orthogonal complement of these columns.
        watch: A wrapper of the range of products that shows progress.

    Returns:
        ``Eigenpairs`` with ``top`` + ``bottom`` pairs.

    Raises:
        ValueError: The numbers do not fit each other.
        FloatingPointError: A product is not finite.

    Reference:
        wusimon2000
        parlett1998
        page2019, the slightly more sophisticated Lanczos algorithm

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> A = aslinearoperator(np.diag([1.0, 2.0, 3.0, 4.0]))
        >>> pairs = lanczos(A, np.random.default_rng(0), top=2, bottom=1)
        >>> pairs.values.round(9).tolist()
        [4.0, 3.0, 1.0]
        >>> bool((pairs.residuals <= 1e-3 * pairs.values).all())
        True
    """
    n = operator.shape[0] - (0 if known is None else known.shape[1])
    wanted = top + bottom
    if min(top, bottom) < 0 or not 1 <= wanted <= n:
        raise ValueError(f"{top} + {bottom} eigenpairs of a matrix of size {n}: give 1 to {n}")
    rows = min(n, products, rows or max(100, 2 * wanted + 40))
    if rows < min(wanted + 1, n):
        raise ValueError(f"{rows} products or rows are too few for {wanted} eigenpairs")
    basis, converged = Basis(operator, rng, rows, start, known), _Converged(tolerance)
    for _ in watch(range(products)):
        if basis.rows == rows:
            basis.restart(*_nearest(basis, *_surviving(rows, top, bottom)))
        basis.grow()
        if basis.rows >= wanted and converged(basis, *_nearest(basis, top, bottom)):
            break
    return _pairs(basis, *_nearest(basis, top, bottom))


class _Converged:
    """Whether the wanted Ritz pairs are good enough. It is asked after every product."""

    def __init__(self, tolerance: float) -> None:
        self.tolerance, self.due = tolerance, 0
        self.before: np.ndarray | None = None

    def __call__(self, basis: Basis, values: np.ndarray, ritz: np.ndarray) -> bool:
        if basis.rows == basis.free:
            return True
        if basis.remainder == 0:  # an invariant subspace: all residuals vanish
            before, self.before, self.due = self.before, values, 2 * basis.products
            return before is not None and bool(np.abs(values - before).max() <= basis.floor)
        errors = basis.remainder * np.abs(ritz[-1])  # by A V' = V' T + remainder next e'
        allowed = np.maximum(self.tolerance * np.abs(values), basis.floor)
        return basis.products >= self.due and bool(np.all(errors <= allowed))


def _nearest(basis: Basis, top: int, bottom: int) -> tuple[np.ndarray, np.ndarray]:
    """Ritz values (k,) and coefficients (rows, k): the largest, descending, then the smallest."""
    values, ritz = np.linalg.eigh(basis.T[: basis.rows, : basis.rows])
    index = np.arange(basis.rows)
    chosen = np.concatenate([index[::-1][:top], index[:bottom]])
    return values[chosen], ritz[:, chosen]


def _surviving(rows: int, top: int, bottom: int) -> tuple[int, int]:
    """The numbers of Ritz vectors that survive a restart per end: the wanted, and half the rest."""
    spare = (rows - top - bottom) // 2
    return top + spare * top // (top + bottom), bottom + spare * bottom // (top + bottom)


def _pairs(basis: Basis, values: np.ndarray, ritz: np.ndarray) -> Eigenpairs:
    xp = array_module(basis.V)
    vectors, products = basis.combined(ritz)
    residuals = xp.linalg.norm(products - basis.to_device(values)[:, None] * vectors, axis=1)
    largest = xp.take_along_axis(vectors, abs(vectors).argmax(1)[:, None], 1)
    vectors = to_host((vectors * xp.sign(largest)).T)
    size = float(np.abs(basis.T).max())
    return Eigenpairs(values, vectors, to_host(residuals), basis.products, size)
