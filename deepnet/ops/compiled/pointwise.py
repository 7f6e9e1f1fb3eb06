"""Pointwise operations: ``deepnet.ops.pointwise``, compiled."""

import numpy as np

from deepnet.ops.blocks import each, slices
from deepnet.ops.compiled.kernels import kernel, mapped
from deepnet.ops.pointwise import TINY

Array = np.ndarray


def bend_of_pointwise(slope: Array, dg: Array, second: Array, dx: Array, g: Array) -> Array:
    """Slope dg + second dx g."""
    return mapped(_bend_pointwise, [slope, dg, second, dx, g], [])


@kernel
def _bend_pointwise(
    out: Array, slope: Array, dg: Array, second: Array, dx: Array, g: Array
) -> None:
    for i in range(slope.shape[0]):
        for j in range(slope.shape[1]):
            out[i, j] = slope[i, j] * dg[i, j] + second[i, j] * dx[i, j] * g[i, j]


def softplus_and_slope(x: Array, beta: float) -> tuple[Array, Array]:
    """Softplus, log(1 + exp(beta x))/beta, and its slope; below ``TINY`` exactly zero.

    Exponentials and logarithms are NumPy's, which are vectorised, in blocks that fit the cache.
    """
    rows = np.ascontiguousarray(x).reshape(len(x), -1)
    y, slope = np.empty_like(rows), np.empty_like(rows)

    def run(block: slice) -> None:
        e = np.abs(rows[block])
        e *= -beta
        np.exp(e, out=e)
        _softplus(y[block], slope[block], rows[block], e, np.log1p(e), x.dtype.type(beta))

    each(run, slices(len(rows), rows.shape[1]))
    return y.reshape(x.shape), slope.reshape(x.shape)


@kernel
def _softplus(y: Array, slope: Array, x: Array, e: Array, log: Array, beta: float) -> None:
    one = e.dtype.type(1)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            value = (max(beta * x[i, j], 0) + log[i, j]) / beta
            rise = (one if x[i, j] >= 0 else e[i, j]) / (one + e[i, j])
            y[i, j] = value if not value < TINY else 0
            slope[i, j] = rise if not rise < TINY else 0
