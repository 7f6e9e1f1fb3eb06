"""The density of a matrix's eigenvalues, with error bars, from Lanczos quadrature (ghorbani2019).

The smoothed density is phi(t) = mean_i N(t; lambda_i, s^2), N the normal density of variance s^2:
the integral of the kernel over the quadrature. A histogram is the integral of each bin's indicator.
An eigenvalue has the weight 1/n: a weight of a tenth of that is none.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deepnet.curvature.quadrature import Quadrature

Array = np.ndarray


@dataclass(frozen=True)
class Density:
    """``mean`` at each of the ``points`` (or in the bins between them), with two errors.

    ``stderr`` is the standard error over probes, ``quadrature`` the change from half the steps.
    """

    points: Array
    mean: Array
    stderr: Array
    quadrature: Array


def kernel_variance(quadrature: Quadrature, share: float = 1e-5) -> float:
    """s^2 = share max(1, range), the range of the nodes (mean over probes) widened by 0.02.

    The range enters the variance, not the standard deviation, as in ghorbani2019's own program.
    """
    nodes = quadrature.rule.nodes
    return share * max(1.0, float((nodes[:, -1] - nodes[:, 0]).mean()) + 0.02)


def density(quadrature: Quadrature, points: Array, variance: float) -> Density:
    """The density at the points ``points``, smoothed by a normal kernel of this ``variance``.

    Raises ValueError unless the variance is positive.
    """
    if not variance > 0:
        raise ValueError(f"a kernel's variance is positive, not {variance}")
    height = (2 * np.pi * variance) ** -0.5

    def kernel(nodes: Array) -> Array:
        return height * np.exp(-((points - nodes[:, None]) ** 2) / (2 * variance))

    return _estimated(quadrature, points, kernel)


def histogram(quadrature: Quadrature, edges: Array) -> Density:
    """The share of the eigenvalues in each bin [edge, next edge), the last one closed.

    Raises ValueError unless the edges increase.
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
