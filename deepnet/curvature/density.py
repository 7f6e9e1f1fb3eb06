"""The density of a matrix's eigenvalues, with error bars, from Lanczos quadrature (ghorbani2019).

The smoothed density is the integral of a kernel over the quadrature. A histogram is the integral of
each bin's indicator. An eigenvalue has the weight 1/n. A peak of a tenth of this weight is no
eigenvalue.
"""

from dataclasses import dataclass

import numpy as np

from deepnet.curvature.quadrature import Quadrature

Array = np.ndarray


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
        low: The lower ends of the probes' 95 % intervals, 0 or more. See ``Quadrature.integral``.
        high: The upper ends. Each interval has this rate for itself.

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
    low: Array
    high: Array

    @property
    def bounds(self) -> tuple[Array, Array]:
        """The ends of the larger of both errors, below and above the mean."""
        low, high = self.mean - self.quadrature, self.mean + self.quadrature
        return np.minimum(self.low, low), np.maximum(self.high, high)


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

    return Density(points, **quadrature.estimates(kernel))


def histogram(quadrature: Quadrature, edges: Array) -> Density:
    """The share of the eigenvalues lambda_i of a matrix in each bin.

        share_b = #{i: edge_b <= lambda_i < edge_(b+1)}/n

    The last bin includes its right edge. Each probe estimates a share by the sum of its weights
    w[j] whose nodes t[j] lie in the bin. The estimate is unbiased once the nodes are eigenvalues. A
    node that has not converged may lie in a neighbouring bin, which ``Density.quadrature`` shows.
    An eigenvalue that all probes know exactly counts as 1/n.

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

    return Density(edges, **quadrature.estimates(bins))
