"""The share of a gradient in the space of the Hessian's leading eigenvectors (ghorbani2019).

The share of a gradient g in the first K eigenvectors is the squared ratio |P_K g|^2/|g|^2. A
stochastic gradient is the gradient of a single batch, which has its own batch statistics where
batch norm is active.
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
    """The shares |P_K g|^2/|g|^2 of gradients g in the first K eigenvectors.

    ``dominant_shares`` returns it. A random direction's share has the law ``chance(n, K)`` and the
    mean K/n.

    Attributes:
        counts: The numbers K of eigenvectors.
        stochastic: The share of each stochastic gradient, (counts, batches), without unit.
        mean: The share of the mean of the stochastic gradients, (counts,), without unit.

    Reference:
        ghorbani2019

    Example:
        >>> gradients = np.array([[3.0, 1.0], [4.0, 0.0]])
        >>> dominant_shares(gradients, np.eye(2), counts=(1,)).mean.tolist()
        [0.5]
    """

    counts: tuple[int, ...]
    stochastic: np.ndarray
    mean: np.ndarray


def batch_gradients(
    problem: Problem, weights: Weights, data: Sequence[tuple[Array, Array]]
) -> np.ndarray:
    """The gradient of each batch's own loss, exact to rounding in the weights' precision.

        g_b = dL_b/dw

    For batches of equal size the mean of the columns is the gradient of ``Batches``' mean loss.

    Args:
        problem: The net, its norm and its loss.
        weights: The point w, {name: array}.
        data: The batches, a sequence of pairs (x, targets).

    Returns:
        The gradients in columns, (n, batches), float64 on the host. The n weights are in flat
        order.

    Raises:
        ValueError: See ``Batches``.

    Example:
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
    """The share of each gradient g in the space of the first K eigenvectors.

        share_K(g) = |P_K g|^2/|g|^2,    P_K g = V_K V_K'g

    V_K are the first K columns of ``vectors``. The shares are exact to rounding for the given
    vectors. Their error is the error of the vectors as eigenvectors.

    Args:
        gradients: The gradients in columns, (n, m). The full gradient of a data set is one column.
        vectors: Orthonormal columns (n, k), the eigenvector of the largest eigenvalue first, as in
            ``Eigenpairs.vectors``.
        counts: The numbers K, each 1 to k.

    Returns:
        ``DominantShares`` of the m gradients and of their mean.

    Raises:
        ValueError: A count is not 1 to k.

    Reference:
        ghorbani2019

    Example:
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
