"""Batch norm: ``deepnet.ops.norm`` on the GPU."""

from typing import Any

from deepnet.ops.gpu.launch import mapped, means

Array = Any


def moments(x: Array) -> tuple[Array, Array]:
    """Mean and biased variance of each channel."""
    mean = means("sums", 1, [x])
    if mean is NotImplemented:
        return mean
    return mean[0], means("squares", 1, [x], [mean[0]])[0]


def standardised(x: Array, mean: Array, inverse: Array) -> Array:
    """(x - mean) inverse."""
    return mapped("standardise", [x], [mean, inverse])


def means_of_direction(y: Array, d: Array) -> Array:
    """mean(d) and mean(y d)."""
    return means("sums_of_direction", 2, [y, d])


def jacobian(y: Array, inverse: Array, d: Array) -> Array:
    """J d = (d - mean(d) - y mean(y d))/sigma."""
    averages = means_of_direction(y, d)
    if averages is NotImplemented:
        return averages
    return mapped("jacobian", [y, d], [inverse, averages[0], averages[1]])


def bend_of_normalise(y: Array, inverse: Array, g: Array, dx: Array, dy: Array, dg: Array) -> Array:
    """J dg + (dJ) g."""
    averages = means("sums_of_bend", 6, [y, g, dx, dy, dg])
    if averages is NotImplemented:
        return averages
    mean_g, along_g, along_dx, turn, mean_dg, along_dg = averages
    shrink = inverse * along_dx
    constant = shrink * mean_g - mean_dg
    along = along_dg + turn - shrink * along_g
    return mapped("bend", [y, g, dy, dg], [inverse, shrink, along_g, along, constant])
