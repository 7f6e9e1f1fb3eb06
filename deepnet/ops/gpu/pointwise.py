"""Pointwise operations: ``deepnet.ops.pointwise`` and ``deepnet.ops.families`` on the GPU."""

from typing import Any

from deepnet.ops.gpu.launch import mapped

Array = Any


def times_slope(slope: Array, g: Array) -> Array:
    """Slope g."""
    return mapped("times_slope", [slope, g])


def bend_of_pointwise(slope: Array, dg: Array, second: Array, dx: Array, g: Array) -> Array:
    """Slope dg + second dx g."""
    return mapped("bend_of_pointwise", [slope, dg, second, dx, g])


def relu_and_slope(x: Array) -> tuple[Array, Array]:
    """max(x, 0), and 1 where x > 0, else 0."""
    return mapped("relu", [x], results=2)


def softplus_and_slope(x: Array, beta: float) -> tuple[Array, Array]:
    """Softplus, log(1 + exp(beta x))/beta, and its slope. Both are exactly zero below ``TINY``."""
    return mapped("softplus", [x], scalars=[x.dtype.type(beta)], results=2)
