"""The kernels of ``deepnet.ops.compiled.winograd``, compiled for one m and one shape of vectors.

Transformed numbers lie plane by plane. A plane is one of the n n entries of all tiles' grids, so
that a product of matrices, (tiles, c) by (c, k) or (k, tiles) by (tiles, c), takes a plane each.
A chunk of tiles is transformed, multiplied and transformed back before the next one begins, and
stays in a core's own cache. While a core multiplies, the memory of the next chunk is asked for.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from deepnet.ops.compiled.kernels import kernel
from deepnet.ops.compiled.prefetch import read_ahead, write_ahead
from deepnet.ops.compiled.sandwich import sandwich
from deepnet.ops.compiled.tile import add_products
from deepnet.ops.compiled.transforms import number_of

Array = np.ndarray
#: Numbers of a plane of a chunk at most, and between planes, which then meet less in the cache.
ROOM, GAP = 1 << 14, 16
PLANE = ROOM + GAP
#: Tiles, or filters, per tile of a product.
PIXELS = 8
#: Channels that ``packing`` turns at once: a line of float32.
TURNED = 16


@cache
def packing(m: int, vectors: int, lanes: int) -> Callable[..., None]:
    """U = G w G' of the filters w (k, 3, 3, c), as (n n, panels, inner, outer of a panel).

    Outer are the filters and inner the channels. ``flipped`` filters have them the other way round,
    and their pixels in reverse.
    """
    which, side, wide = number_of("filter", m), m + 2, vectors * lanes

    def pack(out: Array, w: Array, flipped: bool, first: int, last: int) -> None:
        """Write the inner channels ``first`` to ``last``."""
        _, panels, inner, _ = out.shape
        plane = panels * inner * wide
        turned = np.empty((TURNED, 3, 3, wide), out.dtype)
        to, filters = out.reshape(-1), turned.reshape(-1)
        for start in range(first, last, TURNED):
            count = min(TURNED, last - start)
            for p in range(panels):
                for row in range(3):
                    for column in range(3):
                        for o in range(wide):
                            for i in range(count):
                                if flipped:
                                    entry = w[start + i, 2 - row, 2 - column, p * wide + o]
                                else:
                                    entry = w[p * wide + o, row, column, start + i]
                                turned[i, row, column, o] = entry
                for i in range(count):
                    for o in range(0, wide, lanes):
                        place = (p * inner + start + i) * wide + o
                        sandwich(
                            lanes, which, to, (place, side * plane, plane),
                            filters, (i * 9 * wide + o, 3 * wide, wide),
                        )  # fmt: skip

    return kernel(pack)


@kernel
def _enter(frame: Array, image: Array, top: int) -> None:
    """Write the image into the frame, ``top`` pixels from its edges."""
    h, w, c = image.shape
    to, source, line = frame.reshape(-1), image.reshape(-1), frame.shape[1] * c
    for i in range(h):
        start = (top + i) * line + top * c
        for j in range(w * c):
            to[start + j] = source[i * w * c + j]


@kernel
def _after(i: int, row: int, column: int, down: int, across: int) -> tuple[int, int, int]:
    """The image, row and column of the next tile, of images of ``down`` x ``across`` tiles."""
    column += 1
    if column == across:
        column, row = 0, row + 1
    if row == down:
        row, i = 0, i + 1
    return i, row, column


@cache
def correlation(m: int, lanes_in: int, vectors: int, lanes: int) -> Callable[..., None]:
    """The sum over one or two pairs of images x and packed filters u, for some of the filters."""
    enter, leave, side = number_of("image", m), number_of("output", m), m + 2
    planes, wide = side * side, vectors * lanes
    step = side * PLANE
    pixels = PIXELS if vectors > 1 else 2 * PIXELS

    def correlate(
        y: Array, some: tuple[int, int], x: Array, u: Array, other_x: Array, other_u: Array,
        pairs: int, top: int, chunk: int,
    ) -> None:  # fmt: skip
        n, o, q, filters = y.shape
        c, start_k, k = x.shape[3], some[0], some[1] - some[0]
        down, across, line = o // m, q // m, (q + 2) * c
        frames = np.zeros((pairs, o + 2, q + 2, c), y.dtype)
        image, framed = frames.reshape(-1), np.full(pairs, -1)
        v, s = np.empty(planes * PLANE, y.dtype), np.empty(planes * PLANE, y.dtype)
        out = y.reshape(-1)
        begin, tiles = (0, 0, 0), n * down * across
        for done in range(0, tiles, chunk):
            count = min(chunk, tiles - done)
            whole = -(-count // pixels) * pixels  # products go on to a whole tile of theirs
            for p in range(pairs):
                images, packed = (x, u) if p == 0 else (other_x, other_u)
                flat, w = images.reshape(-1), packed.reshape(-1)
                i, row, column = begin
                for t in range(count):
                    if framed[p] != i:
                        _enter(frames[p], images[i], top)
                        framed[p] = i
                    corner = p * (o + 2) * line + row * m * line + column * m * c
                    for channel in range(0, c, lanes_in):
                        sandwich(
                            lanes_in, enter, v, (t * c + channel, step, PLANE),
                            image, (corner + channel, line, c),
                        )  # fmt: skip
                    i, row, column = _after(i, row, column, down, across)
                share = count * m * m // planes + 1
                for plane in range(planes):
                    v[plane * PLANE + count * c : plane * PLANE + whole * c] = 0
                    ahead = (done + max(chunk, down * across)) * m * m + plane * share
                    read_ahead(flat, ahead * c, share * c)
                    if p == 0:
                        here = done * m * m + plane * share
                        write_ahead(out, here * filters, share * filters)
                    for first in range(0, k, wide):
                        for t in range(0, count, pixels):
                            add_products(
                                pixels, vectors, lanes, s, (plane * PLANE + t * k + first, k),
                                v, (plane * PLANE + t * c, 0, 1, c),
                                w, ((plane * filters + start_k + first) * c, 0, wide),
                                (1, c), p > 0,
                            )  # fmt: skip
            i, row, column = begin
            for t in range(count):
                corner = ((i * o + row * m) * q + column * m) * filters + start_k
                for first in range(0, k, lanes):
                    sandwich(
                        lanes, leave, out, (corner + first, q * filters, filters),
                        s, (t * k + first, step, PLANE),
                    )  # fmt: skip
                i, row, column = _after(i, row, column, down, across)
            begin = i, row, column

    return kernel(correlate)


@cache
def weighing(m: int, lanes_k: int, vectors: int, lanes: int) -> Callable[..., None]:
    """The sum over one or two pairs of cotangents g and images x, for some of the filters."""
    enter, slope, finish = (number_of(name, m) for name in ("image", "cotangent", "gradient"))
    side = m + 2
    planes, step = side * side, side * PLANE

    def weigh(
        dw: Array, some: tuple[int, int], g: Array, x: Array, other_g: Array, other_x: Array,
        pairs: int, top: int, chunk: int,
    ) -> None:  # fmt: skip
        n, o, q, filters = g.shape
        c, start_k, k = x.shape[3], some[0], some[1] - some[0]
        down, across, line = o // m, q // m, (q + 2) * c
        frame = np.zeros((o + 2, q + 2, c), x.dtype)
        image, out = frame.reshape(-1), dw.reshape(-1)
        v, h = np.empty(planes * PLANE, x.dtype), np.empty(planes * PLANE, x.dtype)
        plane_s, tiles = k * c + GAP, n * down * across
        s = np.empty(planes * plane_s, x.dtype)
        for p in range(pairs):
            slopes, images = (g, x) if p == 0 else (other_g, other_x)
            flat, cotangent = images.reshape(-1), slopes.reshape(-1)
            framed, i, row, column = -1, 0, 0, 0
            for done in range(0, tiles, chunk):
                count = min(chunk, tiles - done)
                for t in range(count):
                    if framed != i:
                        _enter(frame, images[i], top)
                        framed = i
                    corner = row * m * line + column * m * c
                    for channel in range(0, c, lanes):
                        sandwich(
                            lanes, enter, v, (t * c + channel, step, PLANE),
                            image, (corner + channel, line, c),
                        )  # fmt: skip
                    corner = ((i * o + row * m) * q + column * m) * filters + start_k
                    for first in range(0, k, lanes_k):
                        sandwich(
                            lanes_k, slope, h, (t * k + first, step, PLANE),
                            cotangent, (corner + first, q * filters, filters),
                        )  # fmt: skip
                    i, row, column = _after(i, row, column, down, across)
                share = count * m * m // planes + 1
                for plane in range(planes):
                    ahead = (done + max(chunk, down * across)) * m * m + plane * share
                    read_ahead(flat, ahead * c, share * c)
                    ahead = (done + chunk) * m * m + plane * share
                    read_ahead(cotangent, ahead * filters, share * filters)
                    for first in range(0, k, PIXELS):
                        for channel in range(0, c, vectors * lanes):
                            add_products(
                                PIXELS, vectors, lanes,
                                s, (plane * plane_s + first * c + channel, c),
                                h, (plane * PLANE + first, 0, k, 1),
                                v, (plane * PLANE + channel, 0, c),
                                (1, count), p > 0 or done > 0,
                            )  # fmt: skip
        for first in range(k):
            for channel in range(0, c, lanes):
                sandwich(
                    lanes, finish, out, (first * 9 * c + channel, 3 * c, c),
                    s, (first * c + channel, side * plane_s, plane_s),
                )  # fmt: skip

    return kernel(weigh)
