"""Hot functions compiled by numba: one pass over memory, no temporaries, no interpreter's lock.

Each public function stands in for the plain one of its name (see ``deepnet.ops.hot``), with the
same arguments. Images are rows of h w c numbers, as in ``deepnet.ops.channels``; kernels run over
blocks of rows on the engine's threads, and block sums are added in a fixed order.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numba
import numpy as np

from deepnet.ops.blocks import each, slices
from deepnet.ops.pointwise import TINY

Array = np.ndarray
#: Numbers in a block: large, for a kernel has no temporaries that must stay in the cache.
BLOCK = 1 << 18


def kernel(f: Callable[..., None]) -> Callable[..., None]:
    """Compile ``f`` when it is first called; keep the machine code on disk where that can be."""
    try:
        compiled: Callable[..., None] = numba.njit(nogil=True, cache=True)(f)
    except RuntimeError:  # no folder for a cache can be written
        compiled = numba.njit(nogil=True)(f)
    return compiled


# batch norm


def moments(x: Array) -> tuple[Array, Array]:
    """Mean and biased variance of each channel."""
    (mean,) = _means(_sums, 1, [x])
    (variance,) = _means(_squares, 1, [x], [mean])
    return mean, variance


def standardised(x: Array, mean: Array, inverse: Array) -> Array:
    """(x - mean) inverse."""
    return _mapped(_standardise, [x], [mean, inverse])


def jacobian(y: Array, inverse: Array, d: Array) -> Array:
    """J d = (d - mean(d) - y mean(y d))/sigma."""
    mean, along = _means(_sums_of_direction, 2, [y, d])
    return _mapped(_jacobian, [y, d], [inverse, mean, along])


def bend_of_normalise(y: Array, inverse: Array, g: Array, dx: Array, dy: Array, dg: Array) -> Array:
    """J dg + (dJ) g."""
    mean_g, along_g, along_dx, turn, mean_dg, along_dg = _means(
        _sums_of_bend, 6, [y, g, dx, dy, dg]
    )
    shrink = inverse * along_dx
    constant = shrink * mean_g - mean_dg
    along = along_dg + turn - shrink * along_g
    return _mapped(_bend, [y, g, dy, dg], [inverse, shrink, along_g, along, constant])


@kernel
def _sums(total: Array, x: Array) -> None:
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            total[0, j] += x[i, j]


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


# pointwise operations


def bend_of_pointwise(slope: Array, dg: Array, second: Array, dx: Array, g: Array) -> Array:
    """Slope dg + second dx g."""
    return _mapped(_bend_pointwise, [slope, dg, second, dx, g], [])


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
    rows = _rows(x)
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


# maximum pool


def places_of_maxima(x: Array, size: int) -> Array:
    """The place of each window's maximum, (n, h/size, w/size, c); of equal ones the first."""
    n, h, w, c = x.shape
    choice = np.zeros((n, h // size, w // size, c), np.uint8)
    x = np.ascontiguousarray(x)
    each(lambda rows: _find(choice[rows], x[rows], size), slices(n, x[0].size, BLOCK))
    return choice


def chosen(x: Array, choice: Array, size: int) -> Array:
    """The entry of ``x`` at the chosen place of each window."""
    out = np.empty(choice.shape, x.dtype)
    x = np.ascontiguousarray(x)
    each(
        lambda rows: _pick(out[rows], x[rows], choice[rows], size), slices(len(x), x[0].size, BLOCK)
    )
    return out


def put_back(g: Array, choice: Array, size: int) -> Array:
    """``g`` at the chosen places of the windows, zeros elsewhere."""
    n, h, w, c = g.shape
    out = np.empty((n, h * size, w * size, c), g.dtype)
    g = np.ascontiguousarray(g)
    each(lambda rows: _put(out[rows], g[rows], choice[rows], size), slices(n, out[0].size, BLOCK))
    return out


@kernel
def _find(choice: Array, x: Array, size: int) -> None:
    n, h, w, c = choice.shape
    best = np.empty(c, x.dtype)
    for i in range(n):
        for o in range(h):
            for q in range(w):
                best[:] = x[i, o * size, q * size]
                for place in range(1, size * size):
                    row, column = o * size + place // size, q * size + place % size
                    for k in range(c):
                        if x[i, row, column, k] > best[k]:
                            best[k] = x[i, row, column, k]
                            choice[i, o, q, k] = place


@kernel
def _pick(out: Array, x: Array, choice: Array, size: int) -> None:
    n, h, w, c = choice.shape
    for i in range(n):
        for o in range(h):
            for q in range(w):
                for k in range(c):
                    place = choice[i, o, q, k]
                    out[i, o, q, k] = x[i, o * size + place // size, q * size + place % size, k]


@kernel
def _put(out: Array, g: Array, choice: Array, size: int) -> None:
    n, h, w, c = choice.shape
    for i in range(n):
        for o in range(h):
            for q in range(w):
                for place in range(size * size):
                    row, column = o * size + place // size, q * size + place % size
                    for k in range(c):
                        here = choice[i, o, q, k] == place
                        out[i, row, column, k] = g[i, o, q, k] if here else 0


# kernels over blocks of rows


def _rows(x: Array) -> Array:
    return np.ascontiguousarray(x).reshape(len(x), -1)


def _repeated(vectors: Sequence[Array], width: int) -> list[Array]:
    return [np.tile(vector, width // len(vector)) for vector in vectors]


def _mapped(run: Callable[..., None], arrays: Sequence[Array], vectors: Sequence[Array]) -> Array:
    """What ``run`` writes for arrays (n, ..., c) of one shape and vectors (c,)."""
    rows = [_rows(array) for array in arrays]
    wide = _repeated(vectors, rows[0].shape[1])
    out = np.empty(rows[0].shape, arrays[0].dtype)
    blocks = slices(len(out), out.shape[1], BLOCK)
    each(lambda block: run(out[block], *(array[block] for array in rows), *wide), blocks)
    return out.reshape(arrays[0].shape)


def _means(
    run: Callable[..., None], products: int, arrays: Sequence[Array], vectors: Sequence[Array] = ()
) -> Any:
    """Channel means of what ``run`` adds up, (products, c)."""
    rows, channels = [_rows(array) for array in arrays], arrays[0].shape[-1]
    wide = _repeated(vectors, rows[0].shape[1])

    def sums(block: slice) -> Array:
        total = np.zeros((products, rows[0].shape[1]), arrays[0].dtype)
        run(total, *(array[block] for array in rows), *wide)
        return total

    parts = each(sums, slices(len(rows[0]), rows[0].shape[1], BLOCK))
    total = np.stack(parts).sum(0).reshape(products, -1, channels).sum(1)
    return total * (channels / arrays[0].size)
