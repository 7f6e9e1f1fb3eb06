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
    """For each K of ``counts``: the share of each stochastic gradient (counts, batches), and of
    their mean (counts,). A random direction's share is beta distributed, of mean K/n: ``chance``.
    """

    counts: tuple[int, ...]
    stochastic: np.ndarray
    mean: np.ndarray


def batch_gradients(
    problem: Problem, weights: Weights, data: Sequence[tuple[Array, Array]]
) -> np.ndarray:
    """The gradient of each batch's loss, (n, batches), flat order, float64."""
    batches = Batches(problem, weights, data, keep=0)
    columns = [to_host(to_vector(part.grad())).astype(float) for _, part in batches]
    return np.stack(columns, axis=1)


def dominant_shares(
    gradients: np.ndarray, vectors: Array, counts: Sequence[int] = (1, 2, 5, 10, 20)
) -> DominantShares:
    """The shares of ``gradients`` (n, m) in the first K columns of ``vectors`` (n, k), orthonormal.

    The full gradient of a data set is one column; ``Eigenpairs.vectors`` are the largest first.
    Raises ValueError where a count is not 1 to k.
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
