"""The product of matrices while a graph is captured: ``deepnet.ops.bilinear`` on the GPU."""

from typing import Any

import numpy as np

from deepnet.backend import array_module
from deepnet.ops.gpu.graphs import capturing
from deepnet.ops.gpu.launch import launch, sweep

Array = Any


def product(a: Array, b: Array) -> Array:
    """``a @ b`` while a graph is captured, where cuBLAS cannot be called.

    Elsewhere cuBLAS is faster.
    """
    return matrix_product(a, b) if capturing(array_module(a)) else NotImplemented


def matrix_product(a: Array, b: Array) -> Array:
    """``a @ b`` by the engine's own kernel, which takes transposes without copies."""
    if a.ndim != 2 or b.ndim != 2 or a.dtype != b.dtype or not a.size or not b.size:
        return NotImplemented
    (rows, inner), columns = a.shape, b.shape[1]
    one, *along_a = _laid(a)
    other, *along_b = _laid(b)
    out = array_module(a).empty((rows, columns), a.dtype)
    threads = sweep(out.size, least=1)
    sizes = (inner, columns, *along_a, *along_b, out.size, threads)
    launch("matrix_product", a, threads, out, one, other, *map(np.int64, sizes))
    return out


def _laid(a: Array) -> tuple[Array, int, int]:
    """A contiguous array of the entries of ``a``, and the distances of its rows and columns."""
    if a.T.flags.c_contiguous:
        return a.T, 1, a.shape[0]
    return array_module(a).ascontiguousarray(a), a.shape[1], 1
