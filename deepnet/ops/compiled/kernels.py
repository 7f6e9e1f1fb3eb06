"""Kernels over blocks of rows, on the engine's threads.

A row is a number of channels-last pixels that make about ``ROW`` numbers. A vector with one number
per channel, repeated to the length of the row, then stays in a core's nearest cache.
"""

from collections.abc import Callable, Sequence
from functools import cache
from math import gcd
from typing import Any

import numba
import numpy as np

from deepnet.ops.blocks import run_blocks, slices

Array = np.ndarray
ROW = 1 << 10
#: Numbers per block: about 50 us of work. To wake another thread takes as long. A kernel has
#: no temporaries that must stay in the cache.
BLOCK = 1 << 18


def kernel(f: Callable[..., Any]) -> Callable[..., Any]:
    """Compile ``f`` when it is first called. Keep the machine code on disk where this is possible.

    A division by zero gives infinity, since a test for zero would keep loops from being vectorised.
    """
    try:
        compiled: Callable[..., Any] = numba.njit(nogil=True, error_model="numpy", cache=True)(f)
    except RuntimeError:  # no folder for a cache can be written
        compiled = numba.njit(nogil=True, error_model="numpy")(f)
    return compiled


def mapped(
    run: Callable[..., None],
    arrays: Sequence[Array],
    vectors: Sequence[Array] = (),
    results: int = 1,
) -> Any:
    """The result that ``run`` writes, for arrays (..., c) of one shape and vectors (c,)."""
    rows, wide = _as_rows(arrays), _repeated(vectors, _width(arrays[0].shape))
    outs = [np.empty(rows[0].shape, arrays[0].dtype) for _ in range(results)]

    def work(block: slice) -> None:
        run(*(out[block] for out in outs), *(array[block] for array in rows), *wide)

    if rows[0].size <= BLOCK:
        run(*outs, *rows, *wide)
    else:
        run_blocks(work, slices(len(rows[0]), rows[0].shape[1], BLOCK))
    written = tuple(out.reshape(arrays[0].shape) for out in outs)
    return written[0] if results == 1 else written


def means(
    run: Callable[..., None], products: int, arrays: Sequence[Array], vectors: Sequence[Array] = ()
) -> Array:
    """The channel means of the products that ``run`` adds up, (products, c)."""
    channels = arrays[0].shape[-1]
    rows, wide = _as_rows(arrays), _repeated(vectors, _width(arrays[0].shape))

    def sums(block: slice) -> Array:
        total = np.zeros((products, rows[0].shape[1]), arrays[0].dtype)
        run(total, *(array[block] for array in rows), *wide)
        return total

    total, *others = run_blocks(sums, slices(len(rows[0]), rows[0].shape[1], BLOCK))
    for other in others:
        total += other
    return total.reshape(products, -1, channels).sum(1) * (channels / arrays[0].size)


@cache
def _width(shape: tuple[int, ...]) -> int:
    """The length of a row: the number of channels times a divisor of the number of pixels."""
    *pixels, width = shape or (1,)
    for extent in reversed(pixels):
        room = max(1, ROW // width)
        if extent > room:
            return width * gcd(extent, 1 << room.bit_length() - 1)
        width *= extent
    return width


def _as_rows(arrays: Sequence[Array]) -> list[Array]:
    width = _width(arrays[0].shape)
    return [np.ascontiguousarray(array).reshape(-1, width) for array in arrays]


def _repeated(vectors: Sequence[Array], width: int) -> list[Array]:
    tables = [np.empty((width // len(vector), len(vector)), vector.dtype) for vector in vectors]
    for table, vector in zip(tables, vectors, strict=True):
        table[:] = vector
    return [table.reshape(-1) for table in tables]
