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
    """{moment: (channels, n)}: the gradient of each channel's moment in the n weights, flat order.

    Moments are "mean", "variance" and "third" (the third central moment), in that order.
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
    """An orthonormal ``basis`` (n, k); ``parts`` says which columns each group of vectors added."""

    basis: np.ndarray
    parts: dict[str, slice]


def span(groups: Mapping[str, np.ndarray], tolerance: float = 1e-5) -> Span:
    """The span of all vectors, orthonormalised group by group in their order.

    ``groups`` {name: (vectors, n)}. A group adds what it has outside the span of those before it:
    of its vectors, scaled to length one, the part orthogonal to these, by singular vectors.
    Directions of singular value ``tolerance`` or less count as dependent and are left out.
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
