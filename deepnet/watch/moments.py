"""Mean, variance, skewness and kurtosis of activations over a batch."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from deepnet.backend import to_host

Array = Any


@dataclass(frozen=True)
class Moments:
    """Moments of activations over a batch.

    ``moments`` returns it and defines the moments. Each array is (channels,), or () where the
    channels are pooled.

    Attributes:
        mean: The mean, in the unit of the activations.
        variance: The biased variance, in squared units.
        skewness: The third standardised moment. It is nan for constant values.
        kurtosis: The fourth standardised moment. It is nan for constant values, and 3 for a normal
            law.

    Example:
        >>> seen = moments(np.array([[0.0], [2.0]]))
        >>> seen.mean.tolist(), seen.variance.tolist()
        ([1.0], [1.0])
    """

    mean: np.ndarray
    variance: np.ndarray
    skewness: np.ndarray
    kurtosis: np.ndarray


def moments(values: Array, pooled: bool = False) -> Moments:
    """Mean, variance, skewness and kurtosis of activations z over a batch, in float64.

        d = z - mean z
        variance = mean d^2
        skewness = mean d^3/variance^(3/2)
        kurtosis = mean d^4/variance^2

    The mean runs over examples and pixels. The results are the exact moments of this batch. As an
    estimate for all data, the variance is too small by the factor 1 - 1/n on average, for n
    independent examples without pixels.

    Args:
        values: The activations z, (n, ..., channels).
        pooled: Whether all channels together have one moment each.

    Returns:
        The ``Moments``, on the host.

    Example:
        >>> seen = moments(np.array([[0.0, 5.0], [0.0, 5.0], [3.0, 5.0]]))
        >>> seen.variance.tolist(), seen.skewness.round(6).tolist(), seen.kurtosis.round(6).tolist()
        ([2.0, 0.0], [0.707107, nan], [1.5, nan])
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
