"""Eigenpairs as often as they occur: Lanczos again on the complement of the pairs found so far."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from deepnet.curvature.lanczos import Eigenpairs, lanczos

#: What rounding loses, in units of eps, of the largest eigenvalue and of the root of the rows.
ROUNDING = 64


def repeated(
    operator: LinearOperator,
    rng: np.random.Generator,
    top: int = 1,
    bottom: int = 0,
    *,
    products: int = 1000,
    tolerance: float = 1e-3,
    watch: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> tuple[Eigenpairs, bool]:
    """The largest and smallest eigenpairs of a symmetric matrix A, each as often as it occurs.

        search i: ``lanczos`` on the orthogonal complement of all pairs that searches before i found

    A Krylov space holds one vector of each eigenspace, so that one search finds a repeated
    eigenvalue once. The next search starts from a new random vector and finds the next copy. The
    searches end when the last one converges and finds nothing beyond the ``top``-th largest or
    ``bottom``-th smallest value. Then no eigenvalue was missed, with probability 1 over ``rng`` and
    up to 4 ``tolerance`` |value|. Each value is within its residual of an eigenvalue. In a cluster
    narrower than the tolerance this may be a neighbour of the eigenvalue of its rank.

    Args:
        operator: A, a symmetric SciPy ``LinearOperator`` (n, n).
        rng: The source of all random vectors.
        top: How many of the largest eigenvalues, copies counted.
        bottom: How many of the smallest eigenvalues, copies counted.
        products: The largest number of products with A, for all searches together. One product
            per pair is kept for the residuals of the result.
        tolerance: The largest residual, as a share of |value|.
        watch: A wrapper of the range of products of each search that shows progress.

    Returns:
        The ``Eigenpairs``, and whether they are certain: the searches ended by themselves, and no
        residual is above the tolerance.

    Raises:
        ValueError: The numbers do not fit each other.
        FloatingPointError: A product is not finite.

    Reference:
        parlett1998

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> A = aslinearoperator(np.diag([1.0, 2.0, 3.0, 3.0, 3.0, 4.0]))
        >>> pairs, certain = repeated(A, np.random.default_rng(0), top=3)
        >>> pairs.values.round(9).tolist(), certain
        ([4.0, 3.0, 3.0], True)
    """
    search: dict[str, Any] = {"tolerance": tolerance, "watch": watch}
    known = pairs = lanczos(operator, rng, top, bottom, products=products, **search)
    spent = pairs.products
    while free := operator.shape[0] - known.vectors.shape[1]:
        ends = (min(top, 1), min(bottom, 1)) if free > 1 else (min(top, 1), int(top == 0))
        left = products - spent - known.values.size - sum(ends)  # the rest refines
        if left <= sum(ends):
            certain = False
            break
        more = lanczos(operator, rng, *ends, products=left, known=known.vectors, **search)
        spent += more.products
        if not _is_beyond(pairs, top, more):
            certain = settled(more, tolerance, operator, known)
            break
        known = _joined(known, more)
        pairs = _chosen(known, top, bottom)
    else:
        certain = True
    if known.values.size > pairs.values.size:
        spent += known.values.size
        refined = _chosen(_refined(operator, known), top, bottom)
        if settled(refined, tolerance, operator) or not settled(pairs, tolerance, operator):
            pairs = refined
    certain = certain and settled(pairs, tolerance, operator)
    return replace(pairs, products=spent), certain


def settled(
    pairs: Eigenpairs, tolerance: float, operator: LinearOperator, known: Eigenpairs | None = None
) -> bool:
    """Whether every residual is at most ``tolerance`` |value|, or rounding in the operator's dtype.

    Rounding is the rounding of products whose entries are sums over all rows. It counts up to
    ``tolerance`` times the largest |eigenvalue|, since it grows with the rows without bound.
    Products with a pair on the complement of ``known`` pairs leak out of it, by the residuals of
    the known pairs.
    """
    size, leak = pairs.size, 0.0
    if known is not None:
        size, leak = max(size, known.size), float(known.residuals.max())
    rounding = ROUNDING * np.finfo(operator.dtype).eps * np.sqrt(operator.shape[0]) * size
    allowed = np.maximum(tolerance * np.abs(pairs.values), min(rounding, tolerance * size))
    return bool(np.all(pairs.residuals <= allowed + leak))


def _is_beyond(pairs: Eigenpairs, top: int, more: Eigenpairs) -> bool:
    """Whether one of ``more`` lies beyond the last pair that was asked for at an end.

    It must lie beyond by more than residuals and rounding.
    """
    rounding = ROUNDING * np.finfo(float).eps * max(pairs.size, more.size)
    margin = more.residuals + rounding
    above = below = np.False_
    if top:
        above = more.values - margin > pairs.values[top - 1] + pairs.residuals[top - 1]
    if top < pairs.values.size:
        below = more.values + margin < pairs.values[-1] - pairs.residuals[-1]
    return bool(np.any(above | below))


def _joined(known: Eigenpairs, more: Eigenpairs) -> Eigenpairs:
    return Eigenpairs(
        np.concatenate([known.values, more.values]),
        np.hstack([known.vectors, more.vectors]),
        np.concatenate([known.residuals, more.residuals]),
        known.products + more.products,
        max(known.size, more.size),
    )


def _refined(operator: LinearOperator, known: Eigenpairs) -> Eigenpairs:
    """The Ritz pairs in the span of all vectors.

    Searches one after another leave the rounding of the first in the residuals of the last.
    """
    products = operator.matmat(known.vectors)
    inner = known.vectors.T @ products
    values, ritz = np.linalg.eigh((inner + inner.T) / 2)
    vectors, products = known.vectors @ ritz, products @ ritz
    residuals = np.linalg.norm(products - vectors * values, axis=0)
    vectors *= np.sign(np.take_along_axis(vectors, np.abs(vectors).argmax(0)[None], 0))
    return Eigenpairs(values, vectors, residuals, known.products, known.size)


def _chosen(known: Eigenpairs, top: int, bottom: int) -> Eigenpairs:
    """The ``top`` largest, descending, then the ``bottom`` smallest, ascending."""
    order = np.argsort(known.values)
    chosen = np.concatenate([order[::-1][:top], order[:bottom]])
    return replace(
        known,
        values=known.values[chosen],
        vectors=known.vectors[:, chosen],
        residuals=known.residuals[chosen],
    )
