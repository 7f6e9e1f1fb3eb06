"""How much of a vector lies in a subspace, and how much would by chance (page2019)."""

from typing import Any

import numpy as np

from deepnet.curvature.moments import Span


def squared_overlaps(vectors: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """The share of each vector v in a subspace.

        overlap(v) = |B'v|^2/|v|^2

    The overlap is between 0 and 1. It is exact to rounding, and nan for a zero vector.

    Args:
        vectors: The vectors v in columns, (n, m).
        basis: Orthonormal columns B, (n, k).

    Returns:
        The squared overlaps (m,), without unit.

    Reference:
        page2019, norm squared overlaps between the eigenvectors and our subspace

    Example:
        >>> float(squared_overlaps(np.array([[3.0], [4.0]]), np.array([[1.0], [0.0]]))[0])
        0.36
    """
    return np.sum((basis.T @ vectors) ** 2, axis=0) / np.sum(vectors**2, axis=0)


def shares(vectors: np.ndarray, span: Span) -> dict[str, np.ndarray]:
    """The share of each vector v in the part of a space that each group added.

        share_g(v) = |B_g'v|^2/|v|^2,    sum_g share_g(v) = |B'v|^2/|v|^2

    B_g are the columns of ``span.basis`` that group g added. All columns are orthonormal, so that
    the shares add up to the squared overlap with the whole space. A share depends on the groups'
    order: what two groups have in common counts for the first group.

    Args:
        vectors: The vectors v in columns, (n, m).
        span: The basis B and its parts. See ``span``.

    Returns:
        {group: its shares (m,)}, without unit.

    Reference:
        page2019, norm squared overlaps between the eigenvectors and our subspace

    Example:
        >>> both = Span(np.eye(2), {"x": slice(0, 1), "y": slice(1, 2)})
        >>> {name: share.tolist() for name, share in shares(np.array([[3.0], [4.0]]), both).items()}
        {'x': [0.36], 'y': [0.64]}
    """
    return {
        name: squared_overlaps(vectors, span.basis[:, part]) for name, part in span.parts.items()
    }


def chance(n: int, k: int) -> Any:
    """The law of the squared overlap of a random direction with a fixed subspace.

        overlap ~ Beta(k/2, (n - k)/2),    mean k/n,    variance 2 k (n - k)/(n^2 (n + 2))

    The direction is uniform in n dimensions, and the subspace has k. The law is exact: the overlap
    is A/(A + C) with independent A and C, which are chi^2 of k and of n - k degrees of freedom.

    Args:
        n: The number of dimensions.
        k: The dimension of the subspace.

    Returns:
        A frozen SciPy distribution. ``.mean()`` is k/n, ``.ppf(q)`` is a quantile, and ``.sf(x)``
        is the probability of an overlap above x.

    Raises:
        ValueError: k is not between 0 and n.

    Reference:
        muirhead1982
        page2019, a norm squared component of less than 10^-5

    Example:
        >>> float(chance(60, 3).mean())
        0.05
    """
    from scipy.stats import beta

    if not 0 < k < n:
        raise ValueError(f"a subspace of dimension {k} in {n}: give 0 < k < n")
    return beta(k / 2, (n - k) / 2)
