"""How much of a vector lies in a subspace, and how much would by chance (page2019).

The squared overlap of v with the span of orthonormal columns B is |B'v|^2/|v|^2. For a direction
drawn uniformly in n dimensions and a subspace of k it is A/(A + C) with A and C independent, chi^2
of k and of n - k degrees of freedom (the squares of a normal vector's entries in coordinates that
fit the subspace): exactly Beta(k/2, (n-k)/2), of mean k/n.
"""

from typing import Any

import numpy as np

from deepnet.curvature.moments import Span


def squared_overlaps(vectors: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """|B'v|^2/|v|^2, (m,): v the columns of ``vectors`` (n, m), B the orthonormal ``basis`` (n, k).

    It is exact to rounding, and nan for a zero vector.

    >>> float(squared_overlaps(np.array([[3.0], [4.0]]), np.array([[1.0], [0.0]]))[0])
    0.36
    """
    return np.sum((basis.T @ vectors) ** 2, axis=0) / np.sum(vectors**2, axis=0)


def shares(vectors: np.ndarray, span: Span) -> dict[str, np.ndarray]:
    """{group: (m,)}: |B_g'v|^2/|v|^2, B_g the columns of ``span.basis`` that group g added.

    v are the columns of ``vectors`` (n, m). Over the groups the shares add up to the squared
    overlap with the whole span, as the columns are orthonormal.

    >>> both = Span(np.eye(2), {"x": slice(0, 1), "y": slice(1, 2)})
    >>> {name: share.tolist() for name, share in shares(np.array([[3.0], [4.0]]), both).items()}
    {'x': [0.36], 'y': [0.64]}
    """
    return {
        name: squared_overlaps(vectors, span.basis[:, part]) for name, part in span.parts.items()
    }


def chance(n: int, k: int) -> Any:
    """The law of the squared overlap of a random direction in n dimensions with a subspace of k.

    A frozen SciPy distribution: ``.mean()`` is k/n, ``.ppf(q)`` its quantiles, ``.sf(x)`` the
    probability of more than x. Raises ValueError unless 0 < k < n.

    >>> float(chance(60, 3).mean())
    0.05
    """
    from scipy.stats import beta

    if not 0 < k < n:
        raise ValueError(f"a subspace of dimension {k} in {n}: give 0 < k < n")
    return beta(k / 2, (n - k) / 2)
