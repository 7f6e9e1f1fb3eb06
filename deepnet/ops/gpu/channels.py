"""One number per channel against images: ``deepnet.ops.channels`` on the GPU."""

from typing import Any

from deepnet.ops.gpu.launch import mapped, means

Array = Any


def scaled(x: Array, a: Array) -> Array:
    """x[..., c] a[c]."""
    return mapped("scale", [x], [a])


def shifted(x: Array, b: Array) -> Array:
    """x[..., c] + b[c]."""
    return mapped("shift", [x], [b])


def channel_mean(x: Array) -> Array:
    """The mean of each channel's entries, (c,)."""
    averages = means("sums", 1, [x])
    return averages if averages is NotImplemented else averages[0]


def channel_mean_product(g: Array, x: Array) -> Array:
    """The mean over each channel's entries of g x, (c,)."""
    averages = means("products", 1, [g, x])
    return averages if averages is NotImplemented else averages[0]
