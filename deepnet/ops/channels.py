"""Products and sums of images (channels last) with one number per channel, an image as one row.

If NumPy broadcasts a vector of c numbers over pixels, its inner loops have c steps. If the vector
is repeated over the h w pixels of an image, they have h w c steps.
"""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from deepnet.backend import array_module
from deepnet.ops.blocks import mapped, summed
from deepnet.ops.hot import hot

Array = Any


def with_channels(f: Callable[..., Array], arrays: Sequence[Array], *vectors: Array) -> Array:
    """f(*arrays, *vectors), entry by entry: arrays (n, ..., c) of one shape, vectors (c,)."""
    xp, shape = array_module(arrays[0]), arrays[0].shape
    rows = [array.reshape(len(array), -1) for array in arrays]
    repeated = [xp.tile(vector, rows[0].shape[1] // len(vector)) for vector in vectors]
    return mapped(lambda *block: f(*block, *repeated), *rows).reshape(shape)


def channel_means(*products: Callable[..., Array]) -> Callable[..., Array]:
    """A function of (arrays, *vectors) that returns the means of ``products`` over each channel.

    The result is (products, c), from one pass. ``with_channels`` says what arrays and vectors are.
    """

    def means(arrays: Sequence[Array], *vectors: Array) -> Array:
        xp, channels = array_module(arrays[0]), arrays[0].shape[-1]
        rows = [array.reshape(len(array), -1) for array in arrays]
        repeated = [xp.tile(vector, rows[0].shape[1] // channels) for vector in vectors]
        sums = summed(
            lambda *block: xp.stack([f(*block, *repeated).sum(0) for f in products]), *rows
        )
        return sums.reshape(len(products), -1, channels).sum(1) * (channels / arrays[0].size)

    return means


@hot
def scaled(x: Array, a: Array) -> Array:
    """x[..., c] a[c]."""
    return with_channels(operator.mul, [x], a)


@hot
def shifted(x: Array, b: Array) -> Array:
    """x[..., c] + b[c]."""
    return with_channels(operator.add, [x], b)


@hot
def channel_mean(x: Array) -> Array:
    """The mean of each channel's entries, (c,)."""
    (mean,) = _mean([x])
    return mean


@hot
def channel_mean_product(g: Array, x: Array) -> Array:
    """The mean over each channel's entries of g x, (c,)."""
    (mean,) = _mean_product([g, x])
    return mean


_mean = channel_means(lambda x: x)
_mean_product = channel_means(operator.mul)


def centred(x: Array) -> Array:
    """``x`` minus the mean of each channel."""
    return shifted(x, -channel_mean(x))
