"""Maximum pool: ``deepnet.ops.linear``, compiled.

A kernel is compiled per size, so that the compiler unrolls its search of a window. To look at all
places of a window is fast where the channels fill vectors. Elsewhere a kernel goes to the chosen
place alone.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from deepnet.ops.blocks import run_blocks, slices
from deepnet.ops.compiled.kernels import BLOCK, kernel

Array = np.ndarray
#: ``chosen`` looks at all places where the channels are a multiple of WIDE, as the compiler makes
#: vectors of 32 places. ``put_back`` does so from FEW channels on.
WIDE, FEW = 32, 16


def maxima(x: Array, size: int) -> tuple[Array, Array]:
    """Each window's maximum and its place (the first of equals), (n, h/size, w/size, c)."""
    n, h, w, c = x.shape
    y = np.empty((n, h // size, w // size, c), x.dtype)
    choice, x, run = np.empty(y.shape, np.uint8), np.ascontiguousarray(x), _finding(size)
    run_blocks(lambda rows: run(y[rows], choice[rows], x[rows]), slices(n, x[0].size, BLOCK))
    return y, choice


def chosen(x: Array, choice: Array, size: int) -> Array:
    """The entry of ``x`` at the chosen place of each window."""
    run = _taking(size) if x.shape[-1] % WIDE else _picking(size)
    out, x = np.empty(choice.shape, x.dtype), np.ascontiguousarray(x)
    run_blocks(lambda rows: run(out[rows], x[rows], choice[rows]), slices(len(x), x[0].size, BLOCK))
    return out


def put_back(g: Array, choice: Array, size: int) -> Array:
    """``g`` at the chosen places of the windows, zeros elsewhere."""
    n, h, w, c = g.shape
    run = _scattering(size) if c < FEW else _putting(size)
    out, g = np.empty((n, h * size, w * size, c), g.dtype), np.ascontiguousarray(g)
    run_blocks(lambda rows: run(out[rows], g[rows], choice[rows]), slices(n, out[0].size, BLOCK))
    return out


@cache
def _finding(size: int) -> Callable[..., None]:
    def find(y: Array, choice: Array, x: Array) -> None:
        n, h, w, c = y.shape
        for i in range(n):
            for o in range(h):
                for q in range(w):
                    for k in range(c):
                        best, where = x[i, o * size, q * size, k], np.uint8(0)
                        for a in range(size):
                            for b in range(size):
                                other = x[i, o * size + a, q * size + b, k]
                                where = np.uint8(a * size + b) if other > best else where
                                best = other if other > best else best
                        y[i, o, q, k], choice[i, o, q, k] = best, where

    return kernel(find)


@cache
def _picking(size: int) -> Callable[..., None]:
    def pick(out: Array, x: Array, choice: Array) -> None:
        n, h, w, c = choice.shape
        for i in range(n):
            for o in range(h):
                for q in range(w):
                    for k in range(c):
                        entry, where = x[i, o * size, q * size, k], choice[i, o, q, k]
                        for a in range(size):
                            for b in range(size):
                                here = where == np.uint8(a * size + b)
                                entry = x[i, o * size + a, q * size + b, k] if here else entry
                        out[i, o, q, k] = entry

    return kernel(pick)


@cache
def _taking(size: int) -> Callable[..., None]:
    def take(out: Array, x: Array, choice: Array) -> None:
        n, h, w, c = choice.shape
        for i in range(n):
            for o in range(h):
                for q in range(w):
                    for k in range(c):
                        a, b = divmod(choice[i, o, q, k], size)
                        out[i, o, q, k] = x[i, o * size + a, q * size + b, k]

    return kernel(take)


@cache
def _scattering(size: int) -> Callable[..., None]:
    def scatter(out: Array, g: Array, choice: Array) -> None:
        n, h, w, c = choice.shape
        for i in range(n):
            out[i] = 0
            for o in range(h):
                for q in range(w):
                    for k in range(c):
                        a, b = divmod(choice[i, o, q, k], size)
                        out[i, o * size + a, q * size + b, k] = g[i, o, q, k]

    return kernel(scatter)


@cache
def _putting(size: int) -> Callable[..., None]:
    def put(out: Array, g: Array, choice: Array) -> None:
        n, h, w, c = choice.shape
        for i in range(n):
            for o in range(h):
                for a in range(size):
                    for q in range(w):
                        for b in range(size):
                            place = np.uint8(a * size + b)
                            for k in range(c):
                                here = choice[i, o, q, k] == place
                                out[i, o * size + a, q * size + b, k] = g[i, o, q, k] if here else 0

    return kernel(put)
