"""The kernels of ``deepnet.ops.compiled.convolution``: loops over the tiles of an image.

A kernel takes a block of images and enters them one by one into a frame of zeros. Rows of a filter
that see the padding alone are skipped.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from deepnet.ops.compiled.kernels import kernel
from deepnet.ops.compiled.prefetch import read_ahead, write_ahead
from deepnet.ops.compiled.tile import add_products

Array = np.ndarray


@kernel
def enter(frame: Array, image: Array, interior: tuple[int, int]) -> None:
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            for k in range(image.shape[2]):
                frame[interior[0] + i, interior[1] + j, k] = image[i, j, k]


@cache
def correlation(pixels: int, vectors: int, lanes: int, step: int) -> Callable[..., None]:
    """The kernel of ``correlate``, compiled for one shape of tile.

    ``step`` is the number of numbers between pixels, stride c. With a constant step the addresses
    of a tile take one register.
    """

    def correlate(
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
            enter(frame, x[i], interior)
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

    return kernel(correlate)


@cache
def crossing(filters: int, vectors: int, lanes: int) -> Callable[..., None]:
    """The kernel of ``correlate`` for few ``filters`` per tile and stride 1.

    Vectors are pixels of a row, and filters are the single numbers. A frame has the pixels of a row
    last, so that a row of all filters sees r c rows of the frame. While a core multiplies, the
    memory of the next image is asked for.
    """

    def cross(
        y: Array, x: Array, w: Array, stride: int, shape: tuple, interior: tuple[int, int]
    ) -> None:
        n, o, q, k = y.shape
        r, c, s, _ = w.shape
        high, wide, _ = shape
        top, left, bottom = *interior, interior[0] + x.shape[1]
        line = np.empty((k, -(-q // (vectors * lanes)) * vectors * lanes), x.dtype)
        room = np.zeros(high * c * wide + vectors * lanes, x.dtype)
        frame = room[: high * c * wide].reshape((high, c, wide))
        out, weights, row_of_weights = line.reshape(-1), w.reshape(-1), c * s * k
        source, result, size, numbers = x.reshape(-1), y.reshape(-1), x[0].size, o * q * k
        for i in range(n):
            for row in range(x.shape[1]):
                for column in range(x.shape[2]):
                    for channel in range(c):
                        frame[top + row, channel, left + column] = x[i, row, column, channel]
            for row in range(o):
                read_ahead(source, (i + 1) * size + row * size // o, size // o)
                write_ahead(result, (i + 1) * numbers + row * numbers // o, numbers // o)
                above = min(max(top - row, 0), r - 1)
                rows = max(min(bottom - row, r) - above, 1)
                start = (row + above) * c * wide
                for one in range(0, k, filters):
                    for column in range(0, q, vectors * lanes):
                        add_products(
                            filters, vectors, lanes,
                            out, (one * line.shape[1] + column, line.shape[1]),
                            weights, (above * row_of_weights + one, s * k, k, 1),
                            room, (start + column, wide, 1), (rows * c, s), False,
                        )  # fmt: skip
                    for column in range(q):
                        for j in range(filters):
                            y[i, row, column, one + j] = line[one + j, column]

    return kernel(cross)


@cache
def weighing(turned: bool, singles: int, vectors: int, lanes: int) -> Callable[..., None]:
    """The kernel of ``pull_weight``, compiled for one shape of tile.

    The vectors are filters. Where the tile is ``turned``, they are numbers of a filter's row.
    """

    def weigh(
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
            enter(frame, x[i], interior)
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

    return kernel(weigh)
