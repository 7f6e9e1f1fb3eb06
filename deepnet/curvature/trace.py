"""Hutchinson's estimate of a trace, from products with random signs (hutchinson1990)."""

import numpy as np
from scipy.sparse.linalg import LinearOperator

from companion.estimate import Estimate

#: Vectors that share a pass over the data.
TOGETHER = 8


def trace(operator: LinearOperator, rng: np.random.Generator, probes: int = 32) -> Estimate:
    """Hutchinson's estimate of the trace of a symmetric matrix A.

        tr A ~ mean of z'Az over vectors z of independent random signs

    E zz' = I makes the estimate unbiased. One probe has the variance 2 sum_{i != j} a_ij^2, which
    is 0 for a diagonal matrix.

    Args:
        operator: A, a symmetric SciPy ``LinearOperator`` (n, n).
        rng: The source of the signs.
        probes: The number of vectors z, two or more. Each costs one product.

    Returns:
        An ``Estimate`` with ``mean``, its standard error ``stderr``, and ``draws``.

    Raises:
        ValueError: There are fewer than two probes, or a product is not finite.

    Reference:
        hutchinson1990

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> trace(aslinearoperator(np.diag([1.0, 2.0])), np.random.default_rng(0), probes=4)
        Estimate(mean=3.0, stderr=0.0, draws=4)
        >>> A = aslinearoperator(np.array([[1.0, 0.5], [0.5, 2.0]]))
        >>> estimate = trace(A, np.random.default_rng(0), probes=100)
        >>> abs(estimate.mean - 3) <= 4 * estimate.stderr
        True
    """
    draws: list[float] = []
    while len(draws) < probes:
        columns = min(TOGETHER, probes - len(draws))
        z = rng.choice((-1.0, 1.0), (operator.shape[0], columns))
        draws += (z * (operator @ z)).sum(0).tolist()
    return Estimate.of(draws)
