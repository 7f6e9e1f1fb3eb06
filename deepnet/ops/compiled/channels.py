"""One number per channel against images: ``deepnet.ops.channels``, compiled."""

import numpy as np

from deepnet.ops.compiled.kernels import kernel, mapped, means

Array = np.ndarray


def scaled(x: Array, a: Array) -> Array:
    """x[..., c] a[c]."""
    return mapped(_scale, [x], [a])


def shifted(x: Array, b: Array) -> Array:
    """x[..., c] + b[c]."""
    return mapped(_shift, [x], [b])


def channel_mean(x: Array) -> Array:
    """The mean of each channel's entries, (c,)."""
    return means(add_up, 1, [x])[0]


def channel_mean_product(g: Array, x: Array) -> Array:
    """The mean over each channel's entries of g x, (c,)."""
    return means(_products, 1, [g, x])[0]


@kernel
def add_up(total: Array, x: Array) -> None:
    """Add the rows of ``x`` to ``total``."""
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            total[0, j] += x[i, j]


@kernel
def _products(total: Array, g: Array, x: Array) -> None:
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            total[0, j] += g[i, j] * x[i, j]


@kernel
def _scale(out: Array, x: Array, a: Array) -> None:
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = x[i, j] * a[j]


@kernel
def _shift(out: Array, x: Array, b: Array) -> None:
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = x[i, j] + b[j]
