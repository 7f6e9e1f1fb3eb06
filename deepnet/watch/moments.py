"""Mean, variance, skewness and kurtosis of activations over a batch.

With d = z - mean z: variance mean d^2 (biased), skewness mean d^3/variance^1.5 and kurtosis
mean d^4/variance^2, which is 3 for a normal law.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from deepnet.backend import to_host

Array = Any


@dataclass(frozen=True)
class Moments:
    """Moments of activations, each (channels,), or () where the channels are pooled.

    The skewness and the kurtosis of constant values are nan.
    """

    mean: np.ndarray
    variance: np.ndarray
    skewness: np.ndarray
    kurtosis: np.ndarray


def moments(values: Array, pooled: bool = False) -> Moments:
    """The moments of ``values`` (n, ..., channels), over examples and pixels, in float64.

    Each channel has its own, unless ``pooled``.
    """
    z = values.reshape(-1, 1 if pooled else values.shape[-1]).astype("float64")
    mean = z.mean(0)
    d = z - mean
    square = d * d
    means = (mean, square.mean(0), (square * d).mean(0), (square * square).mean(0))
    mean, variance, third, fourth = (to_host(part) for part in means)
    constant = variance <= (8 * np.finfo(float).eps * mean) ** 2  # rounding of the mean
    spread = np.where(constant, np.nan, variance)
    columns = (mean, np.where(constant, 0, variance), third / spread**1.5, fourth / spread**2)
    return Moments(*(column[0] if pooled else column for column in columns))
