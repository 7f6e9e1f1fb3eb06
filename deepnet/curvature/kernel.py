"""The kernel that smooths a density of eigenvalues: its width, and points close enough for it."""

import numpy as np

from deepnet.curvature.quadrature import Quadrature

Array = np.ndarray
#: The points of a density at least.
FEWEST = 500


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

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> from deepnet.curvature import density, quadrature
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
