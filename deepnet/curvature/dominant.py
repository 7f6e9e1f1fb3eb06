"""How much of a gradient lies in the space of the Hessian's leading eigenvectors (ghorbani2019).

The share of g in the first K eigenvectors is |P_K g|^2/|g|^2, squared. Stochastic gradients are
those of single batches, with their own batch statistics where batch norm is active.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from deepnet.backend import to_host
from deepnet.curvature.batches import Batches
from deepnet.curvature.overlaps import squared_overlaps
from deepnet.problem import Problem
from deepnet.vectors import to_vector

Array = Any
Weights = dict[str, Array]


@dataclass(frozen=True)
class DominantShares:
    """The shares |P_K g|^2/|g|^2 in the first K eigenvectors, for each K of ``counts``.

    ``stochastic`` (counts, batches) are the shares of each stochastic gradient, ``mean`` (counts,)
    those of their mean. A random direction's share is beta distributed, of mean K/n: ``chance``.
    """

    counts: tuple[int, ...]
    stochastic: np.ndarray
    mean: np.ndarray


def batch_gradients(
    problem: Problem, weights: Weights, data: Sequence[tuple[Array, Array]]
) -> np.ndarray:
    """The gradients g_b = dL_b/dw of the batches' own losses, in columns: (n, batches), float64.

    ``weights`` {name: array} is the point w, ``data`` a sequence of (x, targets). The weights are
    in flat order. The mean of the columns is the gradient of the mean loss where all batches are of
    one size.

    Raises ValueError as ``Batches``.

    >>> from deepnet.curvature.least_squares import least_squares
    >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
    >>> batch_gradients(batches.problem, batches.weights, batches.data * 2).tolist()
    [[0.5, 0.5], [6.0, 6.0]]
    """
    batches = Batches(problem, weights, data, keep=0)
    columns = [to_host(to_vector(part.grad())).astype(float) for _, part in batches]
    return np.stack(columns, axis=1)


def dominant_shares(
    gradients: np.ndarray, vectors: Array, counts: Sequence[int] = (1, 2, 5, 10, 20)
) -> DominantShares:
    """The shares |P_K g|^2/|g|^2 of ``gradients`` (n, m), P_K g = V_K V_K'g, K in ``counts``.

    V_K are the first K columns of the orthonormal ``vectors`` (n, k). ``Eigenpairs.vectors`` are
    such columns, the largest eigenvalue first. The full gradient of a data set is one column of
    ``gradients``. The shares are exact to rounding, as far as the vectors are eigenvectors.

    Raises ValueError where a count is not 1 to k.

    >>> gradients = np.array([[3.0, 1.0], [4.0, 0.0]])
    >>> shares = dominant_shares(gradients, np.eye(2), counts=(1, 2))
    >>> shares.stochastic.tolist(), shares.mean.tolist()
    ([[0.36, 1.0], [1.0, 1.0]], [0.5, 1.0])
    """
    vectors = to_host(vectors)
    if not all(1 <= count <= vectors.shape[1] for count in counts):
        raise ValueError(f"shares in {list(counts)} of {vectors.shape[1]} eigenvectors")
    mean = gradients.mean(1, keepdims=True)
    return DominantShares(
        tuple(counts),
        np.stack([squared_overlaps(gradients, vectors[:, :count]) for count in counts]),
        np.stack([squared_overlaps(mean, vectors[:, :count])[0] for count in counts]),
    )
