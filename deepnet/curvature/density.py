"""The density of a matrix's eigenvalues, with error bars, from Lanczos quadrature (ghorbani2019).

The smoothed density is phi(t) = mean_i N(t; lambda_i, s^2), N the normal density of variance s^2:
the integral of the kernel over the quadrature. A histogram is the integral of each bin's indicator.
An eigenvalue has the weight 1/n. A peak of a tenth of this weight is no eigenvalue.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deepnet.curvature.quadrature import Quadrature

Array = np.ndarray


@dataclass(frozen=True)
class Density:
    """A density at ``points`` (p,), or the shares in the bins between them, with two errors.

    ``mean`` is the mean over the probes. ``stderr`` is its standard error over the probes.
    ``quadrature`` is the change of the mean from half the steps to all. Each of the three is (p,)
    for a density and (p - 1,) for bins. See ``density`` and ``histogram``.
    """

    points: Array
    mean: Array
    stderr: Array
    quadrature: Array


def kernel_variance(quadrature: Quadrature, share: float = 1e-5) -> float:
    """The variance s^2 = share max(1, range + 0.02) of the kernel that smooths a density.

    The range is the largest node less the smallest, in the mean over the probes. It enters the
    variance, not the standard deviation, as in ghorbani2019's own program. Nodes lie between the
    extreme eigenvalues, so that few steps give too small a range.

    >>> from scipy.sparse.linalg import aslinearoperator
    >>> from deepnet.curvature import quadrature
    >>> A = aslinearoperator(np.diag([1.0, 2.0, 4.0]))
    >>> round(kernel_variance(quadrature(A, np.random.default_rng(0), probes=2, steps=3)), 9)
    3.02e-05
    """
    nodes = quadrature.rule.nodes
    return share * max(1.0, float((nodes[:, -1] - nodes[:, 0]).mean()) + 0.02)


def density(quadrature: Quadrature, points: Array, variance: float) -> Density:
    """The density phi(t) = mean_i N(t; lambda_i, s^2) at ``points`` (p,), s^2 the ``variance``.

    Each probe estimates it by sum_j w[j] N(t; t[j], s^2) over its nodes t[j] and weights w[j]. The
    only bias is the quadrature's error, which ``Density.quadrature`` estimates. The kernel widens
    each eigenvalue to s: ``kernel_variance`` gives the s^2 of ghorbani2019.

    Raises ValueError unless the variance is positive.

    >>> from scipy.sparse.linalg import aslinearoperator
    >>> from deepnet.curvature import quadrature
    >>> A = aslinearoperator(np.diag([1.0, 2.0, 4.0]))
    >>> q = quadrature(A, np.random.default_rng(0), probes=2, steps=3)
    >>> t = np.linspace(-2, 8, 1001)
    >>> float(np.trapezoid(density(q, t, variance=0.25).mean, t).round(6))
    1.0
    """
    if not variance > 0:
        raise ValueError(f"a kernel's variance is positive, not {variance}")
    height = (2 * np.pi * variance) ** -0.5

    def kernel(nodes: Array) -> Array:
        return height * np.exp(-((points - nodes[:, None]) ** 2) / (2 * variance))

    return _estimated(quadrature, points, kernel)


def histogram(quadrature: Quadrature, edges: Array) -> Density:
    """The share of the eigenvalues in each bin [edge, next edge), the last one closed.

    ``edges`` are (p,). Each probe estimates the share by the sum of its weights w[j] whose nodes
    are in the bin. This is unbiased once the nodes are eigenvalues. A node that has not converged
    may lie in a neighbouring bin, which ``quadrature`` shows.

    Raises ValueError unless there are two or more edges and they increase.

    >>> from scipy.sparse.linalg import aslinearoperator
    >>> from deepnet.curvature import quadrature
    >>> A = aslinearoperator(np.diag([1.0, 2.0, 2.0, 4.0]))
    >>> q = quadrature(A, np.random.default_rng(0), probes=100, steps=4)
    >>> shares = histogram(q, np.array([0.0, 1.5, 3.0, 5.0]))
    >>> bool((abs(shares.mean - [0.25, 0.5, 0.25]) <= 4 * shares.stderr).all())
    True
    """
    if len(edges) < 2 or not (np.diff(edges) > 0).all():
        raise ValueError("edges of a histogram must increase, two or more")

    def bins(nodes: Array) -> Array:
        index = np.searchsorted(edges, nodes, side="right") - 1
        index[nodes == edges[-1]] -= 1
        return (index[:, None] == np.arange(len(edges) - 1)).astype(float)

    return _estimated(quadrature, edges, bins)


def _estimated(quadrature: Quadrature, points: Array, f: Callable[[Array], Array]) -> Density:
    integrals = quadrature.rule.integrals(f)
    mean = integrals.mean(0)
    stderr = integrals.std(0, ddof=1) / np.sqrt(len(integrals))
    return Density(points, mean, stderr, np.abs(mean - quadrature.half.integrals(f).mean(0)))
