"""Convolution: ``deepnet.ops.convolution``, compiled without columns.

An image is framed by its padding in a buffer that stays in the cache. Row r of a filter then sees s
c consecutive numbers. At each pixel they start elsewhere. The sum over the s pixels and c channels
of the row is therefore one loop of ``add_products``, whose vectors are filters. Few filters do not
fill vectors. A tile is then turned: its vectors are pixels, or the numbers of a filter's row.
"""

from collections.abc import Iterable
from math import gcd
from typing import Any, NamedTuple

import numpy as np

from deepnet.ops.blocks import BLOCKS, equal, run_blocks
from deepnet.ops.compiled.convolution_kernels import correlation, crossing, weighing
from deepnet.ops.compiled.tile import MOST, shape_of_tile

Array = np.ndarray
#: The smallest number of multiplications per block, about 100 us of work.
WORK = 1 << 22
#: The largest number of vectors of sums in a tile, half of the registers, and the number that keeps
#: a core busy, since a sum waits for its last product.
SUMS, BUSY = 8 * MOST, 8
#: Numbers of a filter's row per tile of ``pull_weight``.
NUMBERS = 8
#: The largest number of images that ``_as_pixels`` makes of a batch.
IMAGES = 8
NONE = (0, 0, 0, 0)
#: ``correlate`` turns a tile that takes less than this part of the time, since the pixels of a
#: frame and of the outputs are then put into another order.
TURN = 0.8


def correlate(x: Array, w: Array, stride: int, pad: tuple[int, int, int, int]) -> Array:
    """y[n,o,q,k] under padding (top, bottom, left, right)."""
    k, r, s, _ = w.shape
    n, height, width, _ = x.shape
    o = (height + pad[0] + pad[1] - r) // stride + 1
    q = (width + pad[2] + pad[3] - s) // stride + 1
    if x.dtype != w.dtype:
        return NotImplemented
    if pad == NONE and _covers(w.shape, x.shape):
        return correlate(_as_pixels(x), w.reshape(k, 1, 1, -1), 1, NONE).reshape(n, 1, 1, k)
    straight, turned = _tile(q, k, x.dtype, range(1, q + 1)), _tile(k, q, x.dtype, _divisors(k))
    frame, interior, x = _frame(x, pad)
    if stride == 1 and turned.time < TURN * straight.time:
        run = crossing(turned.singles, turned.vectors, turned.lanes)
        matrix = np.ascontiguousarray(w.transpose(1, 3, 2, 0))
    else:
        run = correlation(straight.singles, straight.vectors, straight.lanes, stride * x.shape[3])
        matrix = _filled(w.transpose(1, 2, 3, 0), straight.filled)
    y = np.empty((n, o, q, k), x.dtype)

    def block(rows: slice) -> None:
        run(y[rows], x[rows], matrix, stride, frame, interior)

    run_blocks(block, _images(n, o * q * w.size))
    return y


def pull_input(g: Array, w: Array, shape: tuple[int, ...], stride: int = 1, pad: int = 0) -> Array:
    """The cotangent of x where every image gives one pixel. The plain form serves the others."""
    if g.dtype != w.dtype or pad or not _covers(w.shape, shape):
        return NotImplemented
    each = w.reshape(len(w), -1).T[:, None, None]
    return correlate(_as_pixels(g), each, 1, NONE).reshape(shape)


def pull_weight(g: Array, x: Array, shape: tuple, stride: int = 1, pad: int = 0) -> Array:
    """The cotangent of w, added over the pixels of an image, then over images."""
    k, r, s, c = shape
    if x.dtype != g.dtype:
        return NotImplemented
    if not pad and _covers(shape, x.shape):
        each = (k, 1, 1, r * s * c)
        return pull_weight(_as_pixels(g), _as_pixels(x), each).reshape(shape)
    straight = _tile(s * c, k, x.dtype, [NUMBERS])
    across = _tile(k, s * c, x.dtype, _divisors(k))
    turned = across.time < straight.time
    singles, vectors, lanes, filled, _ = across if turned else straight
    run = weighing(turned, singles, vectors, lanes)
    frame, interior, x = _frame(x, (pad,) * 4)
    g = np.ascontiguousarray(g) if turned else _filled(g, filled)
    # The last tile goes past a row of the filter, and so past the frame; it is cut off below.
    left = k if turned else -(-s * c // singles) * singles

    def block(rows: slice) -> Array:
        out = np.zeros((r, left, filled), x.dtype)
        run(out, g[rows], x[rows], stride, frame, interior)
        return out

    total, *others = run_blocks(block, _images(len(x), g[0].size * r * s * c))
    for other in others:
        total += other
    if turned:
        total = total[:, :, : s * c].reshape(r, k, s, c).transpose(1, 0, 2, 3)
    else:
        total = total[:, : s * c, :k].reshape(r, s, c, k).transpose(3, 0, 1, 2)
    return np.ascontiguousarray(total)


class Tile(NamedTuple):
    """A shape of tile (``add_products``) and the time that it takes, in products of vectors.

    ``singles`` are the numbers that are read one by one. ``filled`` is the extent of the vectors,
    rounded up to whole vectors.
    """

    singles: int
    vectors: int
    lanes: int
    filled: int
    time: int


def _tile(extent: int, across: int, dtype: Any, sizes: Iterable[int]) -> Tile:
    """The fastest tile for ``extent`` single numbers, whose count per tile is one of ``sizes``, and
    ``across`` numbers in vectors. Of equally fast tiles it is the largest."""
    vectors, lanes, filled = shape_of_tile(across, dtype)
    times = {
        size: -(-extent // size) * (filled // (vectors * lanes)) * max(size * vectors, BUSY)
        for size in sizes
        if size * vectors <= SUMS
    }
    best = min(times, key=lambda size: (times[size], -size))
    return Tile(best, vectors, lanes, filled, times[best])


def _divisors(number: int) -> list[int]:
    return [size for size in range(1, min(number, SUMS) + 1) if number % size == 0]


def _covers(filters: tuple[int, ...], images: tuple[int, ...]) -> bool:
    """Whether filters of this shape are as large as the images, and larger than a pixel."""
    return tuple(filters[1:3]) == tuple(images[1:3]) != (1, 1)


def _as_pixels(x: Array) -> Array:
    """Images as pixels of a few images: (n, r, s, c) as (images, 1, n/images, r s c).

    A filter as large as an image is a filter of one pixel for them. A tile then has several images.
    """
    images = gcd(len(x), IMAGES)
    return x.reshape(images, 1, len(x) // images, -1)


def _filled(x: Array, channels: int) -> Array:
    """``x`` with channels of zeros at its end, so that its channels fill whole vectors."""
    if x.shape[-1] == channels:
        return np.ascontiguousarray(x)
    wide = np.zeros((*x.shape[:-1], channels), x.dtype)
    wide[..., : x.shape[-1]] = x
    return wide


def _images(n: int, work: int) -> list[slice]:
    """Blocks of the ``n`` images, with ``work`` multiplications per image."""
    return equal(n, max(-(-WORK // work), -(-n // BLOCKS)))


def _frame(x: Array, pad: tuple[int, int, int, int]) -> tuple[tuple, tuple[int, int], Array]:
    """The shape of a framed image, the place where the image begins in it, and the images.

    The images are cropped where the padding is negative.
    """
    top, bottom, left, right = (max(0, extent) for extent in pad)
    cut_top, cut_bottom, cut_left, cut_right = (max(0, -extent) for extent in pad)
    x = x[:, cut_top : x.shape[1] - cut_bottom, cut_left : x.shape[2] - cut_right]
    _, height, width, c = x.shape
    frame = (height + top + bottom, width + left + right, c)
    return frame, (top, left), np.ascontiguousarray(x)
