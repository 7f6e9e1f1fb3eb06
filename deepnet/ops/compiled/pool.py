"""Maximum pool: ``deepnet.ops.linear``, compiled."""

import numpy as np

from deepnet.ops.blocks import each, slices
from deepnet.ops.compiled.kernels import BLOCK, kernel

Array = np.ndarray


def places_of_maxima(x: Array, size: int) -> Array:
    """The place of each window's maximum, (n, h/size, w/size, c); of equal ones the first."""
    n, h, w, c = x.shape
    choice = np.zeros((n, h // size, w // size, c), np.uint8)
    x = np.ascontiguousarray(x)
    each(lambda rows: _find(choice[rows], x[rows], size), slices(n, x[0].size, BLOCK))
    return choice


def chosen(x: Array, choice: Array, size: int) -> Array:
    """The entry of ``x`` at the chosen place of each window."""
    out = np.empty(choice.shape, x.dtype)
    x = np.ascontiguousarray(x)
    each(
        lambda rows: _pick(out[rows], x[rows], choice[rows], size), slices(len(x), x[0].size, BLOCK)
    )
    return out


def put_back(g: Array, choice: Array, size: int) -> Array:
    """``g`` at the chosen places of the windows, zeros elsewhere."""
    n, h, w, c = g.shape
    out = np.empty((n, h * size, w * size, c), g.dtype)
    g = np.ascontiguousarray(g)
    each(lambda rows: _put(out[rows], g[rows], choice[rows], size), slices(n, out[0].size, BLOCK))
    return out


@kernel
def _find(choice: Array, x: Array, size: int) -> None:
    n, h, w, c = choice.shape
    best = np.empty(c, x.dtype)
    for i in range(n):
        for o in range(h):
            for q in range(w):
                best[:] = x[i, o * size, q * size]
                for place in range(1, size * size):
                    row, column = o * size + place // size, q * size + place % size
                    for k in range(c):
                        if x[i, row, column, k] > best[k]:
                            best[k] = x[i, row, column, k]
                            choice[i, o, q, k] = place


@kernel
def _pick(out: Array, x: Array, choice: Array, size: int) -> None:
    n, h, w, c = choice.shape
    for i in range(n):
        for o in range(h):
            for q in range(w):
                for k in range(c):
                    place = choice[i, o, q, k]
                    out[i, o, q, k] = x[i, o * size + place // size, q * size + place % size, k]


@kernel
def _put(out: Array, g: Array, choice: Array, size: int) -> None:
    n, h, w, c = choice.shape
    for i in range(n):
        for o in range(h):
            for q in range(w):
                for place in range(size * size):
                    row, column = o * size + place // size, q * size + place % size
                    for k in range(c):
                        here = choice[i, o, q, k] == place
                        out[i, row, column, k] = g[i, o, q, k] if here else 0
