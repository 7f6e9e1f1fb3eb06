"""Convolution: ``deepnet.ops.convolution``, compiled without columns.

An image is framed by its padding in a buffer that stays in the cache. Row r of a filter then sees s
c consecutive numbers. At each pixel they start elsewhere. The sum over the s pixels and c channels
of the row is therefore one loop of ``add_products``, whose vectors are filters.
"""

from collections.abc import Callable
from functools import cache
from math import gcd
from typing import Any

import numpy as np

from deepnet.ops.blocks import equal, run_blocks
from deepnet.ops.compiled.kernels import kernel
from deepnet.ops.compiled.tile import MOST, add_products, shape_of_tile

Array = np.ndarray
#: The largest number of blocks of images, and the smallest number of multiplications per block,
#: about 100 us of work. The number of blocks does not depend on the threads, so that sums over
#: blocks do not depend on them. Each block holds sums as large as the weights.
BLOCKS, WORK = 16, 1 << 22
#: The largest number of vectors of sums in a tile of ``correlate``: half of the registers. And the
#: number that keeps a core busy, since a sum waits for its last product.
SUMS, BUSY = 8 * MOST, 8
#: Numbers of a filter's row per tile of ``pull_weight``.
NUMBERS = 8
#: The largest number of images that ``_as_pixels`` makes of a batch.
IMAGES = 8
NONE = (0, 0, 0, 0)


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
    *tile, filled = shape_of_tile(k, x.dtype)
    run = _correlation(_pixels(q, tile[0]), *tile, stride * x.shape[3])
    frame, interior, x = _frame(x, pad)
    matrix = _filled(w.transpose(1, 2, 3, 0), filled)
    y = np.empty((n, o, q, k), x.dtype)

    def block(rows: slice) -> None:
        run(y[rows], x[rows], matrix, stride, frame, interior)

    run_blocks(block, _images(n, o * q * w[0].size * filled))
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
    turned, singles, (*tile, filled) = _sides(k, s * c, x.dtype)
    run = _weighing(turned, singles, *tile)
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


def _sides(k: int, numbers: int, dtype: Any) -> tuple[bool, int, tuple[int, int, int]]:
    """How tiles of ``pull_weight`` lie: whether turned, the single numbers per tile, its vectors.

    Vectors are filters, and single numbers are the ``numbers`` of a filter's row. Turned, vectors
    are the numbers, and single numbers are the k filters. Few filters do not fill vectors.
    """
    straight, across = shape_of_tile(k, dtype), shape_of_tile(numbers, dtype)

    def time(singles: int, vectors: int, lanes: int, filled: int, extent: int) -> int:
        return -(-extent // singles) * (filled // (vectors * lanes)) * max(singles * vectors, BUSY)

    fit = max(size for size in range(1, SUMS // across[0] + 1) if k % size == 0)
    turned = time(fit, *across, k) < time(NUMBERS, *straight, numbers)
    return (True, fit, across) if turned else (False, NUMBERS, straight)


def _pixels(row: int, vectors: int) -> int:
    """The pixels per tile, of ``vectors`` each, with which a row of pixels takes least time."""

    def time(pixels: int) -> tuple[int, int]:
        return -(-row // pixels) * max(pixels * vectors, BUSY), -pixels

    return min(range(1, min(row, SUMS // vectors) + 1), key=time)


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


@kernel
def _enter(frame: Array, image: Array, interior: tuple[int, int]) -> None:
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            for k in range(image.shape[2]):
                frame[interior[0] + i, interior[1] + j, k] = image[i, j, k]


@cache
def _correlation(pixels: int, vectors: int, lanes: int, step: int) -> Callable[..., None]:
    """The kernel of ``correlate``, compiled for one shape of tile.

    ``step`` is the number of numbers between pixels, stride c. With a constant step the addresses
    of a tile take one register.
    """

    def correlation(
        y: Array, x: Array, w: Array, stride: int, shape: tuple, interior: tuple[int, int]
    ) -> None:
        n, o, q, filters = y.shape
        r, s, c, filled = w.shape
        top, bottom, row_of_frame = interior[0], interior[0] + x.shape[1], shape[1] * c
        frame = np.zeros(shape, x.dtype)
        image, weights, numbers = frame.reshape(-1), w.reshape(-1), o * q * filters
        # Where vectors go past the channels of a pixel, the next pixel's are written over them.
        whole, room = filled == filters, np.empty(numbers + filled - filters, x.dtype)
        out = y.reshape(-1) if whole else room
        for i in range(n):
            _enter(frame, x[i], interior)
            begin = i * numbers if whole else 0
            for k in range(filled - vectors * lanes, -1, -vectors * lanes):
                for row in range(o):
                    high = row * stride
                    above = min(max(top - high, 0), r - 1)  # rows of the filter in the padding
                    rows = max(min(bottom - high, r) - above, 1)
                    for column in range(0, q, pixels):
                        first = min(column, q - pixels)  # the last tile overlaps the one before
                        start = (high + above) * row_of_frame + first * step
                        add_products(
                            pixels, vectors, lanes,
                            out, (begin + (row * q + first) * filters + k, filters),
                            image, (start, row_of_frame, 1, step),
                            weights, (k + above * s * c * filled, s * c * filled, filled),
                            (rows, s * c), False,
                        )  # fmt: skip
            if not whole:
                y.reshape(-1)[i * numbers : (i + 1) * numbers] = room[:numbers]

    return kernel(correlation)


@cache
def _weighing(turned: bool, singles: int, vectors: int, lanes: int) -> Callable[..., None]:
    """The kernel of ``pull_weight``, compiled for one kind of tile (see ``_sides``)."""

    def weighing(
        total: Array, g: Array, x: Array, stride: int, shape: tuple, interior: tuple[int, int]
    ) -> None:
        n, o, q, filters = g.shape
        r, left, right = total.shape
        height, width, c = shape
        top, bottom = interior[0], interior[0] + x.shape[1]
        size, spare = height * width * c, max(singles, vectors * lanes)
        room = np.zeros(size + spare, x.dtype)
        frame = room[:size].reshape(shape)
        out, slopes = total.reshape(-1), g.reshape(-1)
        down, along = stride * width * c, stride * c
        for i in range(n):
            _enter(frame, x[i], interior)
            for row in range(r):
                first = max(-((row - top) // stride), 0)  # the others see this row in the padding
                rows = min((bottom - 1 - row) // stride + 1, o) - first
                if rows <= 0:
                    continue
                at_g, at_x = (i * o + first) * q * filters, first * down + row * width * c
                for one in range(0, left, singles):
                    for many in range(0, right, vectors * lanes):
                        at_out = ((row * left + one) * right + many, right)
                        if turned:
                            add_products(
                                singles, vectors, lanes, out, at_out,
                                slopes, (at_g + one, q * filters, filters, 1),
                                room, (at_x + many, down, along), (rows, q), True,
                            )  # fmt: skip
                        else:
                            add_products(
                                singles, vectors, lanes, out, at_out,
                                room, (at_x + one, down, along, 1),
                                slopes, (at_g + many, q * filters, filters), (rows, q), True,
                            )  # fmt: skip

    return kernel(weighing)
