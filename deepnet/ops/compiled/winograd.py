"""Convolution with filters of 3 x 3 pixels by Winograd's F(m x m, 3 x 3), compiled.

Output falls into tiles of m x m pixels. A tile sees n x n pixels of the framed image, n = m + 2.
Between transforms at both ends, a convolution is n n products of matrices, (tiles, c) by (c, k):

    y = A' [sum_c U V] A,   V = B' x B,   U = G w G'

with 36 multiplications for 16 outputs where the direct form has 144 (m = 4), or 16 for 4 where it
has 36 (m = 2). A list of pairs has one sum between the transforms, and so one A'.
"""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from deepnet.ops.algorithm import side_of_tile
from deepnet.ops.blocks import run_blocks
from deepnet.ops.compiled.kernels import kernel
from deepnet.ops.compiled.sandwich import sandwich
from deepnet.ops.compiled.tile import MOST, REGISTER, add_products
from deepnet.ops.compiled.transforms import number_of
from deepnet.ops.families import Kept

Array = np.ndarray
Pairs = Sequence[tuple[Array, Array]]
#: Tiles that are transformed before they are multiplied, so that they stay in a core's cache.
TILES = 32
#: Tiles per tile of a product.
PIXELS = 8
#: Numbers between planes, so that planes do not meet in the nearest cache.
GAP = 16
BLOCKS, WORK = 16, 1 << 22
PLANE = (1 << 14) + GAP
SUMMED, PANEL, ITEMS = 128, 1 << 13, 2


def tiles_of(c: int, k: int) -> int:
    return 64 if c * k > 1 << 13 else TILES


def summed_convolve(pairs: Pairs, kept: Kept, stride: int = 1, pad: int = 0) -> Array:
    """The sum of y[n,o,q,k] over pairs of images x and filters w."""
    x, w = pairs[0]
    o, q = (extent + 2 * pad - 2 for extent in x.shape[1:3])
    m = _side(pairs, w.shape, o, q, stride, pad)
    if not m:
        return NotImplemented
    make = partial(packed, m=m, flipped=False)
    packs = [(x, kept.of(w, ("filters", m), make)) for x, w in pairs]
    return correlated(packs, m, pad, o, q)


def summed_pull_input(
    pairs: Pairs, shape: tuple, kept: Kept, stride: int = 1, pad: int = 0
) -> Array:
    """The sum of the cotangents of x over pairs of cotangents g and filters w."""
    _, w = pairs[0]
    m = _side(pairs, w.shape, shape[1], shape[2], stride, pad)
    if not m:
        return NotImplemented
    make = partial(packed, m=m, flipped=True)
    packs = [(g, kept.of(w, ("flipped", m), make)) for g, w in pairs]
    return correlated(packs, m, 2 - pad, shape[1], shape[2])


def summed_pull_weight(
    pairs: Pairs, shape: tuple, kept: Kept, stride: int = 1, pad: int = 0
) -> Array:
    """The sum of the cotangents of w over pairs of cotangents g and images x."""
    g, _ = pairs[0]
    m = _side(pairs, shape, g.shape[1], g.shape[2], stride, pad)
    return weighed(pairs, m, pad) if m else NotImplemented


def _side(
    pairs: Pairs, filters: tuple[int, ...], height: int, width: int, stride: int, pad: int
) -> int:
    (one, _), dtypes = pairs[0], {array.dtype for pair in pairs for array in pair}
    if len(pairs) > 2 or len(dtypes) > 1 or not 0 <= pad <= 2:
        return 0
    return side_of_tile(filters, len(one), height, width, stride, one.dtype)


def _owned(x: Array) -> Array:
    """``x``, contiguous and writeable: kernels are compiled for such arrays alone."""
    return np.require(x, requirements=["C", "W"])


def lanes_of(channels: int, dtype: Any) -> tuple[int, int]:
    """The vectors of a product's tile and their lanes, which divide the ``channels``."""
    lanes = REGISTER // np.dtype(dtype).itemsize
    while channels % lanes:
        lanes //= 2
    return (MOST if channels % (MOST * lanes) == 0 else 1), lanes


def _images(n: int, work: int) -> list[slice]:
    size = max(-(-WORK // work), -(-n // BLOCKS))
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]


def packed(w: Array, m: int, flipped: bool) -> Array:
    """U (n n, panels of filters, channels, filters) of the filters w (k, 3, 3, c).

    ``flipped`` filters map cotangents to images: c filters of k channels.
    """
    source = _owned(w if flipped else w.transpose(3, 1, 2, 0))
    i, _, _, o = source.shape
    vectors, lanes = lanes_of(o, source.dtype)
    out = np.empty(((m + 2) ** 2, o // (vectors * lanes), i, vectors * lanes), source.dtype)
    _packing(m, vectors, lanes)(out, source, flipped)
    return out


@cache
def _packing(m: int, vectors: int, lanes: int) -> Callable[..., None]:
    which = number_of("filter", m)

    def packing(out: Array, source: Array, flipped: bool) -> None:
        _, panels, i, wide = out.shape
        o = panels * wide
        to, w = out.reshape(-1), source.reshape(-1)
        plane = panels * i * wide
        for a in range(i):
            for p in range(panels):
                for v in range(0, wide, lanes):
                    start = a * 9 * o + p * wide + v
                    at = (start + 8 * o, -3 * o, -o) if flipped else (start, 3 * o, o)
                    sandwich(
                        lanes,
                        which,
                        to,
                        ((p * i + a) * wide + v, (m + 2) * plane, plane),
                        w,
                        at,
                    )

    return kernel(packing)


def correlated(pairs: Pairs, m: int, top: int, o: int, q: int) -> Array:
    """The sum over pairs (x, U) of images and packed filters; frames of ``top`` zeros."""
    (x, u), (other_x, other_u) = pairs[0], pairs[-1]
    n, _, _, c = x.shape
    _, panels, _, wide = u.shape
    k = panels * wide
    y = np.empty((n, o, q, k), x.dtype)
    run = _correlation(m, lanes_of(c, y.dtype)[1], *lanes_of(k, y.dtype))
    x, other_x = _owned(x), _owned(other_x)
    tiles = tiles_of(c, k)

    def block(rows: slice) -> None:
        run(y[rows], x[rows], u, other_x[rows], other_u, len(pairs), top, tiles)

    run_blocks(block, _images(n, o * q * k * c * 9))
    return y


@kernel
def _enter(frame: Array, image: Array, top: int) -> None:
    """Write the image in the middle of the frame."""
    h, w, c = image.shape
    to, source, wide = frame.reshape(-1), image.reshape(-1), frame.shape[1]
    for i in range(h):
        start = ((top + i) * wide + top) * c
        for j in range(w * c):
            to[start + j] = source[i * w * c + j]


@cache
def _correlation(m: int, lanes_in: int, vectors: int, lanes: int) -> Callable[..., None]:
    enter, leave, side = number_of("image", m), number_of("output", m), m + 2
    planes, wide, pixels = side * side, vectors * lanes, PIXELS if vectors > 1 else 2 * PIXELS
    row_of_planes = side * PLANE

    def correlation(
        y: Array, x: Array, u: Array, other_x: Array, other_u: Array, pairs: int, top: int,
        room: int,
    ) -> None:  # fmt: skip
        n, o, q, k = y.shape
        c = x.shape[3]
        down, across = o // m, q // m
        frames = np.zeros((pairs, o + 2, q + 2, c), y.dtype)
        framed = np.full(pairs, -1)
        v, s = np.empty(planes * PLANE, y.dtype), np.empty(planes * PLANE, y.dtype)
        out = y.reshape(-1)
        size, line = (o + 2) * (q + 2) * c, (q + 2) * c
        first_image, first_row, first_column = 0, 0, 0
        left = n * down * across
        while left > 0:
            count = min(room, left)
            left -= count
            i, row, column = first_image, first_row, first_column
            for p in range(pairs):
                images = x if p == 0 else other_x
                image = frames.reshape(-1)
                i, row, column = first_image, first_row, first_column
                for t in range(count):
                    if framed[p] != i:
                        _enter(frames[p], images[i], top)
                        framed[p] = i
                    start = p * size + (row * (q + 2) + column) * m * c
                    for channel in range(0, c, lanes_in):
                        sandwich(
                            lanes_in, enter,
                            v, (t * c + channel, row_of_planes, PLANE),
                            image, (start + channel, line, c),
                        )  # fmt: skip
                    column += 1
                    if column == across:
                        column, row = 0, row + 1
                        if row == down:
                            row, i = 0, i + 1
                if count % pixels:  # products go on to a whole tile of theirs
                    for plane in range(planes):
                        v[plane * PLANE + count * c : plane * PLANE + (count + pixels) * c] = 0
                filters = (u if p == 0 else other_u).reshape(-1)
                for plane in range(planes):
                    for first in range(0, k, wide):
                        for t in range(0, count, pixels):
                            add_products(
                                pixels, vectors, lanes,
                                s, (plane * PLANE + t * k + first, k),
                                v, (plane * PLANE + t * c, 0, 1, c),
                                filters, ((plane * k + first) * c, 0, wide), (1, c), p > 0,
                            )  # fmt: skip
            i, row, column = first_image, first_row, first_column
            for t in range(count):
                start = ((i * o + row * m) * q + column * m) * k
                for first in range(0, k, lanes):
                    sandwich(
                        lanes, leave,
                        out, (start + first, q * k, k),
                        s, (t * k + first, row_of_planes, PLANE),
                    )  # fmt: skip
                column += 1
                if column == across:
                    column, row = 0, row + 1
                    if row == down:
                        row, i = 0, i + 1
            first_image, first_row, first_column = i, row, column

    return kernel(correlation)


def weighed(pairs: Pairs, m: int, top: int) -> Array:
    """The sum over pairs (g, x): dw (k, 3, 3, c)."""
    (g, x), (other_g, other_x) = pairs[0], pairs[-1]
    n, o, q, k = g.shape
    c = x.shape[3]
    run = _weighing(m, lanes_of(k, x.dtype)[1], *lanes_of(c, x.dtype))
    g, x, other_g, other_x = map(_owned, (g, x, other_g, other_x))
    tiles = tiles_of(c, k)
    blocks = _blocks(n, len(pairs) * (o // m) * (q // m))
    panels = _panels(k, c, len(blocks))
    parts = np.empty((len(blocks), k, 3, 3, c), x.dtype)

    def item(number: int) -> None:
        b, p = divmod(number, len(panels))
        rows, filters = blocks[b], panels[p]
        run(
            parts[b, filters], filters.start, g[rows], x[rows], other_g[rows], other_x[rows],
            len(pairs), top, tiles,
        )  # fmt: skip

    run_blocks(
        lambda number: item(number.start),
        [slice(i, i + 1) for i in range(len(blocks) * len(panels))],
    )
    total, *others = parts
    for other in others:
        total += other
    return total


def _blocks(n: int, tiles: int) -> list[slice]:
    size = max(-(-SUMMED // tiles), -(-n // BLOCKS))
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]


def _panels(k: int, c: int, blocks: int) -> list[slice]:
    size = k
    while size % 16 == 0 and (size * c > PANEL or (blocks * (k // size) < ITEMS and size > 32)):
        size //= 2
    return [slice(start, start + size) for start in range(0, k, size)]


@cache
def _weighing(m: int, lanes_k: int, vectors: int, lanes: int) -> Callable[..., None]:
    enter, slope, finish = (number_of(name, m) for name in ("image", "cotangent", "gradient"))
    side = m + 2
    planes, row_of_planes = side * side, side * PLANE

    def weighing(
        dw: Array,
        k0: int,
        g: Array,
        x: Array,
        other_g: Array,
        other_x: Array,
        pairs: int,
        top: int,
        room: int,
    ) -> None:
        n, o, q, every = g.shape
        k, c = dw.shape[0], x.shape[3]
        down, across = o // m, q // m
        frame = np.zeros((o + 2, q + 2, c), x.dtype)
        image = frame.reshape(-1)
        plane_s = k * c + GAP
        v, h = np.empty(planes * PLANE, x.dtype), np.empty(planes * PLANE, x.dtype)
        s = np.empty(planes * plane_s, x.dtype)
        for p in range(pairs):
            images = x if p == 0 else other_x
            cotangent = (g if p == 0 else other_g).reshape(-1)
            framed, i, row, column = -1, 0, 0, 0
            left = n * down * across
            add = p > 0
            while left > 0:
                count = min(room, left)
                left -= count
                for t in range(count):
                    if framed != i:
                        _enter(frame, images[i], top)
                        framed = i
                    start = (row * (q + 2) + column) * m * c
                    for channel in range(0, c, lanes):
                        sandwich(
                            lanes, enter,
                            v, (t * c + channel, row_of_planes, PLANE),
                            image, (start + channel, (q + 2) * c, c),
                        )  # fmt: skip
                    start = ((i * o + row * m) * q + column * m) * every + k0
                    for channel in range(0, k, lanes_k):
                        sandwich(
                            lanes_k, slope,
                            h, (t * k + channel, row_of_planes, PLANE),
                            cotangent, (start + channel, q * every, every),
                        )  # fmt: skip
                    column += 1
                    if column == across:
                        column, row = 0, row + 1
                        if row == down:
                            row, i = 0, i + 1
                for plane in range(planes):
                    for filters in range(0, k, PIXELS):
                        for channel in range(0, c, vectors * lanes):
                            add_products(
                                PIXELS, vectors, lanes,
                                s, (plane * plane_s + filters * c + channel, c),
                                h, (plane * PLANE + filters, 0, k, 1),
                                v, (plane * PLANE + channel, 0, c), (1, count), add,
                            )  # fmt: skip
                add = True
        out = dw.reshape(-1)
        for filters in range(k):
            for channel in range(0, c, lanes):
                sandwich(
                    lanes, finish,
                    out, (filters * 9 * c + channel, 3 * c, c),
                    s, (filters * c + channel, side * plane_s, plane_s),
                )  # fmt: skip

    return kernel(weighing)
