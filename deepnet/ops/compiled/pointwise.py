"""Pointwise operations: ``deepnet.ops.pointwise`` and ``deepnet.ops.families``, compiled."""

from collections.abc import Callable
from math import log
from typing import Any

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial

from deepnet.ops.blocks import run_blocks, slices
from deepnet.ops.compiled.kernels import kernel, mapped
from deepnet.ops.compiled.wide import wide
from deepnet.ops.pointwise import TINY

Array = np.ndarray
single: Any = np.float32


def times_slope(slope: Array, g: Array) -> Array:
    """Slope g."""
    return mapped(_times_slope, [slope, g])


def bend_of_pointwise(slope: Array, dg: Array, second: Array, dx: Array, g: Array) -> Array:
    """Slope dg + second dx g."""
    return mapped(_bend_pointwise, [slope, dg, second, dx, g])


@kernel
def _times_slope(out: Array, slope: Array, g: Array) -> None:
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = slope[i, j] * g[i, j]


@kernel
def _bend_pointwise(
    out: Array, slope: Array, dg: Array, second: Array, dx: Array, g: Array
) -> None:
    for i in range(slope.shape[0]):
        for j in range(slope.shape[1]):
            out[i, j] = slope[i, j] * dg[i, j] + second[i, j] * dx[i, j] * g[i, j]


def relu_and_slope(x: Array) -> tuple[Array, Array]:
    """max(x, 0), and 1 where x > 0, else 0."""
    return mapped(_relu, [x], results=2)


@kernel
def _relu(y: Array, slope: Array, x: Array) -> None:
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] if not x[i, j] < 0 else 0
            slope[i, j] = 1 if x[i, j] > 0 else 0


def softplus_and_slope(x: Array, beta: float) -> tuple[Array, Array]:
    """Softplus, log(1 + exp(beta x))/beta, and its slope. Both are exactly zero below ``TINY``.

    NumPy computes the exponentials and logarithms of float64, in blocks that fit the cache.
    """
    if x.dtype == single:
        return mapped(lambda *rows: _softplus_single(*rows, single(beta)), [x], results=2)
    rows = np.ascontiguousarray(x).reshape(len(x), -1)
    y, slope = np.empty_like(rows), np.empty_like(rows)

    def run(block: slice) -> None:
        e = np.abs(rows[block])
        e *= -beta
        np.exp(e, out=e)
        _softplus(y[block], slope[block], rows[block], e, np.log1p(e), beta)

    run_blocks(run, slices(len(rows), rows.shape[1]))
    return y.reshape(x.shape), slope.reshape(x.shape)


@kernel
def _softplus(y: Array, slope: Array, x: Array, e: Array, log: Array, beta: float) -> None:
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            value = (max(beta * x[i, j], 0) + log[i, j]) / beta
            rise = (1 if x[i, j] >= 0 else e[i, j]) / (1 + e[i, j])
            y[i, j] = value if not value < TINY else 0
            slope[i, j] = rise if not rise < TINY else 0


def _fitted(f: Callable[[Array], Array], degree: int, low: float, high: float) -> tuple[Any, ...]:
    """The coefficients of f's polynomial through Chebyshev's points, the highest first."""
    fit = Chebyshev.interpolate(f, degree, domain=[low, high])
    return tuple(map(single, fit.convert(kind=Polynomial).coef[::-1]))


# exp(z) = 2^k exp(z - k log 2), where k log 2 is exact in two parts, and log(1 + e)/e with e <= 1.
# Both are polynomials, so that the only division per entry is that of the slope.
PER_LOG2, COARSE = single(1 / log(2)), single(355 / 512)
FINE = single(log(2) - 355 / 512)
EXP = _fitted(np.exp, 6, -log(2) / 2, log(2) / 2)
LOG_PER_E = _fitted(lambda e: np.log1p(e) / e, 8, 0, 1)
LOWEST, HALF, ONE, ZERO, LEAST = map(single, (-87, 0.5, 1, 0, TINY))
BIAS, FRACTION = np.int32(127), np.int32(23)


@kernel
def _softplus_single(y: Array, slope: Array, x: Array, beta: float) -> None:
    wide()
    per_beta = ONE / beta
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            z = beta * x[i, j]
            a = max(-abs(z), LOWEST)
            k = np.floor(a * PER_LOG2 + HALF)
            power = np.int32((np.int32(k) + BIAS) << FRACTION).view(single)
            e = power * _polynomial(EXP, (a - k * COARSE) - k * FINE)
            value = (max(z, ZERO) + e * _polynomial(LOG_PER_E, e)) * per_beta
            rise = (ONE if z >= ZERO else e) / (ONE + e)
            y[i, j] = value if not value < LEAST else ZERO
            slope[i, j] = rise if not rise < LEAST else ZERO


@kernel
def _polynomial(coefficients: Any, x: Any) -> Any:
    """The value at ``x`` of a polynomial whose highest coefficient comes first."""
    value = ZERO
    for coefficient in coefficients:
        value = value * x + coefficient
    return value
