"""Maximum pool: ``deepnet.ops.linear``, compiled.

A kernel that searches windows is compiled per size, so that the compiler unrolls the search.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from deepnet.ops.blocks import run_blocks, slices
from deepnet.ops.compiled.kernels import BLOCK, kernel

Array = np.ndarray


def maxima(x: Array, size: int) -> tuple[Array, Array]:
    """Each window's maximum and its place (the first of equals), (n, h/size, w/size, c)."""
    n, h, w, c = x.shape
    y = np.empty((n, h // size, w // size, c), x.dtype)
    choice, x, run = np.empty(y.shape, np.uint8), np.ascontiguousarray(x), _finding(size)
    run_blocks(lambda rows: run(y[rows], choice[rows], x[rows]), slices(n, x[0].size, BLOCK))
    return y, choice


def chosen(x: Array, choice: Array, size: int) -> Array:
    """The entry of ``x`` at the chosen place of each window."""
    out, x, run = np.empty(choice.shape, x.dtype), np.ascontiguousarray(x), _picking(size)
    run_blocks(lambda rows: run(out[rows], x[rows], choice[rows]), slices(len(x), x[0].size, BLOCK))
    return out


def put_back(g: Array, choice: Array, size: int) -> Array:
    """``g`` at the chosen places of the windows, zeros elsewhere."""
    n, h, w, c = g.shape
    out, g = np.empty((n, h * size, w * size, c), g.dtype), np.ascontiguousarray(g)
    run_blocks(
        lambda rows: _put(out[rows], g[rows], choice[rows], size), slices(n, out[0].size, BLOCK)
    )
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


@kernel
def _put(out: Array, g: Array, choice: Array, size: int) -> None:
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
