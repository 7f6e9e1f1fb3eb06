"""Batch norm, activation and maximum pool as one: ``deepnet.ops.fused`` on the GPU."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from deepnet.backend import array_module
from deepnet.ops.fused_passes import Curve
from deepnet.ops.gpu.launch import PIXELS, launch, ready, served, sweep
from deepnet.ops.gpu.pool import LARGEST_SIZE, MOST_PIXELS

Array = Any
#: What the kernels call the activations.
KINDS = {"relu": 0, "softplus": 1}


def factors_of_direction(factors: Array, means: Array, dscale: Array, dshift: Array) -> Array:
    """(8, c): see ``deepnet.ops.fused``."""
    return _factors("factors_of_direction", 8, factors, means, dscale, dshift)


def factors_of_pull(factors: Array, means: Array) -> Array:
    """(5, c): see ``deepnet.ops.fused``."""
    return _factors("factors_of_pull", 5, factors, means)


def factors_of_bend(
    factors: Array, inverse: Array, along: Array, means: Array, dscale: Array
) -> Array:
    """(10, c): see ``deepnet.ops.fused``."""
    return _factors("factors_of_bend", 10, factors, inverse, along, means, dscale)


def activated(x: Array, factors: Array, curve: Curve) -> tuple[Array, Array, Array]:
    """y, the pooled f(z), and the places of the maxima."""
    if not _served(curve, x, factors):
        return NotImplemented
    xp, shape = array_module(x), curve.pooled(x.shape)
    y, out = xp.empty(x.shape, x.dtype), xp.empty(shape, x.dtype)
    choice = xp.empty(shape if curve.size > 1 else 0, "uint8")
    _launch("activated", curve, x, [y, out, choice], [x, factors])
    return y, out, choice


def pushed(y: Array, choice: Array, dx: Array, factors: Array, curve: Curve) -> Array:
    """f'(z) dz at the chosen places."""
    return _written("pushed", curve, curve.pooled(y.shape), (y, choice, dx), factors)


def means_of_pull(y: Array, choice: Array, g: Array, factors: Array, curve: Curve) -> Array:
    """mean(G) and mean(y G)."""
    return _means("sums_of_pull", 2, curve, (y, choice, g), factors)


def pulled(y: Array, choice: Array, g: Array, factors: Array, curve: Curve) -> Array:
    """The cotangent of x."""
    return _written("pulled", curve, y.shape, (y, choice, g), factors)


def means_of_bend(
    y: Array, choice: Array, dx: Array, g: Array, dg: Array, factors: Array, curve: Curve
) -> Array:
    """mean(G), mean(y G), mean(dy G), mean(dG), mean(y dG)."""
    return _means("sums_of_curved", 5, curve, (y, choice, dx, g, dg), factors)


def bent(
    y: Array, choice: Array, dx: Array, g: Array, dg: Array, factors: Array, curve: Curve
) -> Array:
    """The change of the cotangent of x."""
    return _written("bent", curve, y.shape, (y, choice, dx, g, dg), factors)


def _factors(kernel: str, rows: int, factors: Array, *more: Array) -> Array:
    given = ready(factors, *more)
    if given is None:
        return NotImplemented
    channels = factors.shape[-1]
    out = array_module(factors).empty((rows, channels), factors.dtype)
    threads = sweep(channels, least=1)
    launch(kernel, factors, threads, out, *given, np.int64(channels), np.int64(threads))
    return out


def _written(
    kernel: str, curve: Curve, shape: tuple[int, ...], arrays: Sequence[Array], factors: Array
) -> Array:
    """The array of ``shape`` that ``kernel`` writes from y, choice and other arrays."""
    y, _, *others = arrays
    if not _served(curve, y, *others, factors):
        return NotImplemented
    out = array_module(y).empty(shape, y.dtype)
    _launch(kernel, curve, y, [out], [*arrays, factors])
    return out


def _means(
    kernel: str, products: int, curve: Curve, arrays: Sequence[Array], factors: Array
) -> Array:
    """The channel means, over y's entries, of the products that ``kernel`` adds up in order."""
    y, _, *others = arrays
    if not _served(curve, y, *others, factors):
        return NotImplemented
    channels, windows = y.shape[-1], y.size // curve.size**2
    threads = sweep(windows, channels, 4 * PIXELS)
    partial = array_module(y).empty((products, threads), y.dtype)
    _launch(kernel, curve, y, [partial], [*arrays, factors], threads)
    return partial.reshape(products, -1, channels).sum(1) * (channels / y.size)


def _served(curve: Curve, *arrays: Array) -> bool:
    windows = arrays[0].size // arrays[0].shape[-1]
    known = curve.f.name in KINDS and curve.size <= LARGEST_SIZE and windows <= MOST_PIXELS
    return known and served(*arrays)


def _launch(
    kernel: str,
    curve: Curve,
    like: Array,
    outs: Sequence[Array],
    arrays: Sequence[Array],
    threads: int | None = None,
) -> None:
    xp, channels, windows = array_module(like), like.shape[-1], like.size // curve.size**2
    width = like.shape[2] // curve.size if curve.size > 1 else 1
    threads = threads or sweep(windows, channels)
    beta = like.dtype.type(curve.attrs.get("beta", 1.0))
    sizes = np.int64(windows), np.int64(threads), np.int32(channels), np.int32(width)
    options = beta, np.int32(KINDS[curve.f.name]), *sizes, np.int32(curve.size)
    launch(kernel, like, threads, *outs, *map(xp.ascontiguousarray, arrays), *options)
