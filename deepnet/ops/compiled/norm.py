"""Batch norm: ``deepnet.ops.norm``, compiled."""

import numpy as np

from deepnet.ops.compiled.channels import add_up
from deepnet.ops.compiled.kernels import kernel, mapped, means

Array = np.ndarray


def moments(x: Array) -> tuple[Array, Array]:
    """Mean and biased variance of each channel."""
    (mean,) = means(add_up, 1, [x])
    (variance,) = means(_squares, 1, [x], [mean])
    return mean, variance


def standardised(x: Array, mean: Array, inverse: Array) -> Array:
    """(x - mean) inverse."""
    return mapped(_standardise, [x], [mean, inverse])


def jacobian(y: Array, inverse: Array, d: Array) -> Array:
    """J d = (d - mean(d) - y mean(y d))/sigma."""
    mean, along = means(_sums_of_direction, 2, [y, d])
    return mapped(_jacobian, [y, d], [inverse, mean, along])


def bend_of_normalise(y: Array, inverse: Array, g: Array, dx: Array, dy: Array, dg: Array) -> Array:
    """J dg + (dJ) g."""
    mean_g, along_g, along_dx, turn, mean_dg, along_dg = means(_sums_of_bend, 6, [y, g, dx, dy, dg])
    shrink = inverse * along_dx
    constant = shrink * mean_g - mean_dg
    along = along_dg + turn - shrink * along_g
    return mapped(_bend, [y, g, dy, dg], [inverse, shrink, along_g, along, constant])


@kernel
def _squares(total: Array, x: Array, mean: Array) -> None:
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            total[0, j] += (x[i, j] - mean[j]) ** 2


@kernel
def _sums_of_direction(total: Array, y: Array, d: Array) -> None:
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            total[0, j] += d[i, j]
            total[1, j] += y[i, j] * d[i, j]


@kernel
def _sums_of_bend(total: Array, y: Array, g: Array, dx: Array, dy: Array, dg: Array) -> None:
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            total[0, j] += g[i, j]
            total[1, j] += y[i, j] * g[i, j]
            total[2, j] += y[i, j] * dx[i, j]
            total[3, j] += dy[i, j] * g[i, j]
            total[4, j] += dg[i, j]
            total[5, j] += y[i, j] * dg[i, j]


@kernel
def _standardise(out: Array, x: Array, mean: Array, inverse: Array) -> None:
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = (x[i, j] - mean[j]) * inverse[j]


@kernel
def _jacobian(out: Array, y: Array, d: Array, inverse: Array, mean: Array, along: Array) -> None:
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            out[i, j] = inverse[j] * (d[i, j] - mean[j] - y[i, j] * along[j])


@kernel
def _bend(
    out: Array, y: Array, g: Array, dy: Array, dg: Array,
    inverse: Array, shrink: Array, along_g: Array, along: Array, constant: Array,
) -> None:  # fmt: skip
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            curved = shrink[j] * g[i, j] + along_g[j] * dy[i, j] + along[j] * y[i, j]
            out[i, j] = inverse[j] * (dg[i, j] - curved + constant[j])
