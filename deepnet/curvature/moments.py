"""The change of the moments of each output channel over a batch with the weights (page2019).

z[i,c] are the outputs, where i is one of N examples (and pixels, if there are any) and c a channel.
Moments are taken in each batch and averaged over the batches by their shares.

    mean      m[c] = mean_i z[i,c]             dm/dz[i,c] = 1/N
    variance  s[c] = mean_i (z[i,c] - m[c])^2  ds/dz[i,c] = 2 (z[i,c] - m[c])/N
    third     t[c] = mean_i (z[i,c] - m[c])^3  dt/dz[i,c] = 3 ((z[i,c] - m[c])^2 - s[c])/N

m depends on z too. This adds nothing to ds, since the deviations sum to 0, and -3 s[c]/N to dt.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from deepnet.backend import to_host
from deepnet.curvature.batches import Batches
from deepnet.vectors import to_vector

Array = Any

#: N times the derivative of each moment in the outputs, from the centred outputs d (N, c).
SLOPES: dict[str, Callable[[Array], Array]] = {
    "mean": lambda d: 1 + 0 * d,
    "variance": lambda d: 2 * d,
    "third": lambda d: 3 * (d * d - (d * d).mean(0)),
}


def moment_gradients(batches: Batches) -> dict[str, np.ndarray]:
    """The gradients of each output channel's mean, variance and third moment in the weights w.

        mean      m[c] = mean_i z[i,c]
        variance  s[c] = mean_i (z[i,c] - m[c])^2
        third     t[c] = mean_i (z[i,c] - m[c])^3

    z[i,c] are the outputs at example (and pixel) i in channel c. The moments are taken within each
    batch, with the batch's own mean, and averaged over the batches by their shares n_b/n. The
    gradients are exact to rounding. As an estimate of the variance over all data, s is too small by
    the factor 1 - 1/N on average, for N independent examples per batch.

    Args:
        batches: The net, the weights w and the batches. The loss does not matter.

    Returns:
        {"mean": dm/dw, "variance": ds/dw, "third": dt/dw}, each (channels, n), float64 on the host.
        The n weights are in flat order.

    Reference:
        page2019, gradients of the means, variances and skews of the output channels

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> gradients = moment_gradients(batches)
        >>> gradients["mean"].tolist(), gradients["variance"].tolist()
        ([[0.5, 1.0]], [[-2.5, 5.0]])
    """
    gradients: dict[str, np.ndarray] = {}
    for share, part in batches:
        rows = part.outputs.reshape(-1, part.outputs.shape[-1])
        for moment, slope in SLOPES.items():
            u = slope(rows - rows.mean(0)) / len(rows)
            pulled = (part.vjp(alone) for alone in _one_channel(u, part.outputs.shape))
            columns = [to_host(to_vector(gradient)).astype(float) for gradient in pulled]
            gradients[moment] = gradients.get(moment, 0) + share * np.stack(columns)
    return gradients


def _one_channel(u: Array, shape: tuple[int, ...]) -> Iterator[Array]:
    """``u`` with all channels but one set to zero, once per channel."""
    for channel in range(shape[-1]):
        alone = 0 * u
        alone[:, channel] = u[:, channel]
        yield alone.reshape(shape)


@dataclass(frozen=True)
class Span:
    """An orthonormal basis of a space that is spanned group by group.

    ``span`` returns it.

    Attributes:
        basis: Orthonormal columns B, (n, k).
        parts: {group: the slice of columns that this group added}.

    Example:
        >>> both = span({"x": np.array([[2.0, 0.0]]), "y": np.array([[0.0, 3.0]])})
        >>> both.basis.shape, both.parts["y"]
        ((2, 2), slice(1, 2, None))
    """

    basis: np.ndarray
    parts: dict[str, slice]


def span(groups: Mapping[str, np.ndarray], tolerance: float = 1e-5) -> Span:
    """An orthonormal basis of all vectors, made group by group in the groups' order.

        added by a group = left singular vectors of (I - B B')V with a singular value > tolerance

    B are the columns so far, and V (n, m) are the group's vectors, each scaled to length one. Zero
    vectors add nothing. B'B = I holds to rounding.

    Args:
        groups: {name: vectors in rows, (m, n)}.
        tolerance: The singular value up to which a direction counts as dependent. It has no unit.

    Returns:
        A ``Span``.

    Reference:
        page2019, gradients of the means, variances and skews of the output channels

    Example:
        >>> both = span({"x": np.array([[2.0, 0.0, 0.0]]), "xy": np.array([[1.0, 1.0, 0.0]])})
        >>> both.parts, abs(both.basis).round(9).tolist()
        ({'x': slice(0, 1, None), 'xy': slice(1, 2, None)}, [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    """
    n = next(iter(groups.values())).shape[1]
    basis, parts = np.zeros((n, 0)), {}
    for name, vectors in groups.items():
        lengths = np.linalg.norm(vectors, axis=1)
        rest = (vectors[lengths > 0] / lengths[lengths > 0, None]).T
        for _ in range(2):  # the second time removes the rounding of the first
            rest = rest - basis @ (basis.T @ rest)
        new, size, _ = np.linalg.svd(rest, full_matrices=False)
        new = new[:, size > tolerance]
        new, _ = np.linalg.qr(new - basis @ (basis.T @ new))
        parts[name] = slice(basis.shape[1], basis.shape[1] + new.shape[1])
        basis = np.hstack([basis, new])
    return Span(basis, parts)
