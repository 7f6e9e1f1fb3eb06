"""Maximum pool: ``deepnet.ops.linear`` on the GPU."""

from typing import Any

import numpy as np

from deepnet.backend import array_module
from deepnet.ops.gpu.launch import launch, served, sweep

Array = Any
#: The largest window whose places one byte numbers, and the largest number of a pixel.
LARGEST_SIZE, MOST_PIXELS = 16, 2**31 - 1


def maxima(x: Array, size: int) -> tuple[Array, Array]:
    """Each window's maximum and its place (the first of equals), (n, h/size, w/size, c)."""
    n, h, w, c = x.shape
    shape = (n, h // size, w // size, c)
    if not _served(x, shape, size):
        return NotImplemented
    xp = array_module(x)
    y, choice = xp.empty(shape, x.dtype), xp.empty(shape, "uint8")
    _launch("maxima", shape, size, x, y, choice, xp.ascontiguousarray(x))
    return y, choice


def chosen(x: Array, choice: Array, size: int) -> Array:
    """The entry of ``x`` at the chosen place of each window."""
    if not _served(x, choice.shape, size):
        return NotImplemented
    xp = array_module(x)
    out = xp.empty(choice.shape, x.dtype)
    _launch("chosen", choice.shape, size, x, out, *map(xp.ascontiguousarray, (x, choice)))
    return out


def put_back(g: Array, choice: Array, size: int) -> Array:
    """``g`` at the chosen places of the windows, zeros elsewhere."""
    n, h, w, c = g.shape
    if not _served(g, choice.shape, size):
        return NotImplemented
    xp = array_module(g)
    out = xp.empty((n, h * size, w * size, c), g.dtype)
    _launch("put_back", choice.shape, size, g, out, *map(xp.ascontiguousarray, (g, choice)))
    return out


def _served(x: Array, windows: tuple[int, ...], size: int) -> bool:
    pixels = windows[0] * windows[1] * windows[2]
    return size <= LARGEST_SIZE and pixels <= MOST_PIXELS and served(x)


def _launch(kernel: str, shape: tuple[int, ...], size: int, like: Array, *arrays: Array) -> None:
    _, _, width, channels = shape
    n = int(np.prod(shape))
    threads = sweep(n, channels)
    sizes = np.int64(n), np.int64(threads), np.int32(channels), np.int32(width), np.int32(size)
    launch(kernel, like, threads, *arrays, *sizes)
