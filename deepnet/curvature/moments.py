"""How the moments of each output channel over a batch change with the weights (page2019).

z[i,c] are the outputs, i one of N examples (and pixels, if there are any), c a channel; m its mean.
Moments are taken in each batch and averaged over the batches by their shares.

    mean      m[c] = mean_i z[i,c]             dm/dz[i,c] = 1/N
    variance  s[c] = mean_i (z[i,c] - m[c])^2  ds/dz[i,c] = 2 (z[i,c] - m[c])/N
    third     t[c] = mean_i (z[i,c] - m[c])^3  dt/dz[i,c] = 3 ((z[i,c] - m[c])^2 - s[c])/N

(that m depends on z adds nothing to ds, for the deviations sum to 0, and -3 s[c]/N to dt).
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
    """{moment: (channels, n)}: the gradients of each channel's moments in the n weights.

    The moments are "mean" m, "variance" s and "third" t (the third central moment), in that order,
    as the module defines them. Row c of "mean" is dm[c]/dw = sum_i dm[c]/dz[i,c] dz[i,c]/dw, the
    weights in flat order. The gradients are exact to rounding. The variance is the biased one, and
    each batch has its own mean.

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
    """``u`` with all channels but one set to zero, for each channel."""
    for channel in range(shape[-1]):
        alone = 0 * u
        alone[:, channel] = u[:, channel]
        yield alone.reshape(shape)


@dataclass(frozen=True)
class Span:
    """An orthonormal ``basis`` B (n, k), and in ``parts`` the columns that each group added.

    See ``span``.
    """

    basis: np.ndarray
    parts: dict[str, slice]


def span(groups: Mapping[str, np.ndarray], tolerance: float = 1e-5) -> Span:
    """An orthonormal basis of all vectors, made group by group in the groups' order.

    ``groups`` is {name: (vectors, n)}. With B the basis so far and V the group's vectors, each
    scaled to length one, a group adds the left singular vectors of (I - B B')V. Directions of
    singular value ``tolerance`` or less count as dependent and are left out. Zero vectors are too.

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
