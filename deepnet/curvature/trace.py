"""Hutchinson's estimate of a trace: E z'Az = tr A for z of independent signs (hutchinson1990).

The variance of one draw is 2 sum_{i != j} a_ij^2, A symmetric: none for a diagonal matrix.
"""

import numpy as np
from scipy.sparse.linalg import LinearOperator

from companion.estimate import Estimate

#: Vectors that share a pass over the data.
TOGETHER = 8


def trace(operator: LinearOperator, rng: np.random.Generator, probes: int = 32) -> Estimate:
    """The trace of a symmetric ``operator`` from ``probes`` products, with its standard error.

    Raises ValueError for fewer than two probes.
    """
    values: list[float] = []
    while len(values) < probes:
        columns = min(TOGETHER, probes - len(values))
        z = rng.choice((-1.0, 1.0), (operator.shape[0], columns))
        values += (z * (operator @ z)).sum(0).tolist()
    return Estimate.of(values)
