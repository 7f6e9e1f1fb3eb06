"""The density of a matrix's eigenvalues, with error bars, from Lanczos quadrature (ghorbani2019).

The smoothed density is the integral of a kernel over the quadrature. A histogram is the integral of
each bin's indicator. An eigenvalue has the weight 1/n. A peak of a tenth of this weight is no
eigenvalue.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deepnet.curvature.quadrature import Quadrature

Array = np.ndarray
#: The points of a density at least.
FEWEST = 500


@dataclass(frozen=True)
class Density:
    """A density of eigenvalues at points, or the shares of eigenvalues in bins, with two errors.

    ``density`` and ``histogram`` return it. All arrays have the length p of ``points`` for a
    density, and the length p - 1 for bins.

    Attributes:
        points: The points (p,) of the density, or the edges (p,) of the bins. The unit is the unit
            of the eigenvalues.
        mean: The mean over the probes. A density has the unit 1/eigenvalue, a share has none.
        stderr: The standard error of ``mean``, from the spread between the probes.
        quadrature: The change of ``mean`` from half the Lanczos steps to all steps. It indicates
            the bias that the finite number of steps leaves.

    Reference:
        ghorbani2019

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> from deepnet.curvature import quadrature
        >>> A = aslinearoperator(np.diag([1.0, 2.0, 4.0]))
        >>> q = quadrature(A, np.random.default_rng(0), probes=2, steps=3)
        >>> bins = histogram(q, np.array([0.0, 3.0, 5.0]))
        >>> bins.points.shape, bins.mean.shape, float(bins.mean.sum().round(12))
        ((3,), (2,), 1.0)
    """

    points: Array
    mean: Array
    stderr: Array
    quadrature: Array


def kernel_variance(quadrature: Quadrature, share: float = 1e-5) -> float:
    """The variance of the kernel that smooths a density.

        s^2 = share max(1, range + 0.02)

    The range is the largest node minus the smallest node, averaged over the probes. It enters the
    variance, not the standard deviation, as in ghorbani2019's own program. Nodes lie between the
    extreme eigenvalues. Few steps therefore give a range that is too small.

    Args:
        quadrature: Gauss's rules of the matrix. See ``quadrature``.
        share: The factor of the range. Its unit is the unit of the eigenvalues.

    Returns:
        s^2, in squared units of the eigenvalues.

    Reference:
        ghorbani2019

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> from deepnet.curvature import quadrature
        >>> A = aslinearoperator(np.diag([1.0, 2.0, 4.0]))
        >>> round(kernel_variance(quadrature(A, np.random.default_rng(0), probes=2, steps=3)), 9)
        3.02e-05
    """
    low, high = _range(quadrature)
    return share * max(1.0, high - low + 0.02)


def share_of_range(quadrature: Quadrature, share: float = 0.005) -> float:
    """The variance of a kernel whose standard deviation is a share of the range.

        s = share (t_max - t_min)

    t_max and t_min are the largest and the smallest node, averaged over the probes. The kernel has
    the unit of the eigenvalues. The density of cA at ct therefore is the density of A at t, divided
    by |c|. Where all nodes are equal up to rounding, s is a share of their absolute value. For a
    zero matrix s is 1.

    Args:
        quadrature: Gauss's rules of the matrix. See ``quadrature``.
        share: s divided by the range, without a unit.

    Returns:
        s^2, in squared units of the eigenvalues.

    Raises:
        ValueError: The share is not positive.

    Reference:
        ghorbani2019

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> from deepnet.curvature import quadrature
        >>> A = aslinearoperator(np.diag([1.0, 2.0, 4.0]))
        >>> q = quadrature(A, np.random.default_rng(0), probes=2, steps=3)
        >>> round(share_of_range(q, 0.1), 12)
        0.09
    """
    if not share > 0:
        raise ValueError(f"a kernel is a positive share of the range wide, not {share}")
    low, high = _range(quadrature)
    steps, largest = quadrature.rule.nodes.shape[1], max(abs(low), abs(high))
    rounding = 64 * steps * np.finfo(float).eps * largest
    length = high - low if high - low > rounding else largest
    return (share * length or 1.0) ** 2


def grid(quadrature: Quadrature, variance: float) -> Array:
    """Points on which a density has no gap: a trapezoidal sum over them integrates it to 1.

        step <= s/2        from t_min - 6 s to t_max + 6 s

    s is the kernel's standard deviation, and t_min and t_max are the extreme nodes of all probes.
    The sum differs from 1 by less than 1e-6.

    Args:
        quadrature: Gauss's rules of the matrix. See ``quadrature``.
        variance: The kernel's variance s^2, in squared units of the eigenvalues.

    Returns:
        Equally spaced points (p,), at least 500.

    Raises:
        ValueError: The variance is not positive.

    Reference:
        ghorbani2019

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> from deepnet.curvature import quadrature
        >>> A = aslinearoperator(np.diag([1.0, 2.0, 4.0]))
        >>> q = quadrature(A, np.random.default_rng(0), probes=2, steps=3)
        >>> t = grid(q, variance=1e-6)
        >>> float(np.trapezoid(density(q, t, variance=1e-6).mean, t).round(6))
        1.0
    """
    if not variance > 0:
        raise ValueError(f"a kernel's variance is positive, not {variance}")
    s, nodes = variance**0.5, quadrature.rule.nodes
    low, high = nodes.min() - 6 * s, nodes.max() + 6 * s
    return np.linspace(low, high, max(FEWEST, int(np.ceil((high - low) / (s / 2))) + 1))


def _range(quadrature: Quadrature) -> tuple[float, float]:
    """The smallest and the largest node, averaged over the probes."""
    nodes = quadrature.rule.nodes
    return float(nodes[:, 0].mean()), float(nodes[:, -1].mean())


def density(quadrature: Quadrature, points: Array, variance: float) -> Density:
    """The smoothed density of the eigenvalues lambda_i of a matrix.

        phi(t) = mean_i N(t; lambda_i, s^2)        N: the normal density of variance s^2

    Each probe estimates phi(t) by sum_j w[j] N(t; t[j], s^2) over its nodes t[j] and weights w[j].
    The mean over the probes is unbiased for phi, except for the error of the quadrature, which
    ``Density.quadrature`` indicates. The kernel widens each eigenvalue to a peak of standard
    deviation s. An eigenvalue has the weight 1/n.

    Args:
        quadrature: Gauss's rules of the matrix. See ``quadrature``.
        points: The points t (p,), in the unit of the eigenvalues.
        variance: The kernel's variance s^2, in squared units of the eigenvalues.
            ``share_of_range`` and ``kernel_variance`` (of ghorbani2019) give one.

    Returns:
        A ``Density`` with arrays (p,).

    Raises:
        ValueError: The variance is not positive.

    Reference:
        ghorbani2019

    Example:
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
    """The share of the eigenvalues lambda_i of a matrix in each bin.

        share_b = #{i: edge_b <= lambda_i < edge_(b+1)}/n

    The last bin includes its right edge. Each probe estimates a share by the sum of its weights
    w[j] whose nodes t[j] lie in the bin. The estimate is unbiased once the nodes are eigenvalues. A
    node that has not converged may lie in a neighbouring bin, which ``Density.quadrature`` shows.

    Args:
        quadrature: Gauss's rules of the matrix. See ``quadrature``.
        edges: The edges of the bins (p,), increasing, in the unit of the eigenvalues.

    Returns:
        A ``Density`` with arrays (p - 1,), one share per bin.

    Raises:
        ValueError: There are fewer than two edges, or they do not increase.

    Example:
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
