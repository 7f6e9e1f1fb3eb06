"""Convolution: ``deepnet.ops.convolution`` on the GPU, by cuDNN."""

from typing import Any

import numpy as np

from deepnet.backend import array_module
from deepnet.ops.gpu.cudnn import Case, Face, convolutions
from deepnet.ops.gpu.launch import launch, ready, sweep
from deepnet.ops.gpu.precision import precision

Array = Any
Shape = tuple[int, ...]
#: Which of x, w and y a face computes.
RESULT: dict[Face, int] = {"dgrad": 0, "wgrad": 1, "fprop": 2}


def correlate(x: Array, w: Array, stride: int, pad: tuple[int, int, int, int]) -> Array:
    """y[n,o,q,k] under equal padding on all sides."""
    k, r, s, _ = w.shape
    n, height, width, _ = x.shape
    if len(set(pad)) > 1 or pad[0] < 0:
        return NotImplemented
    o, q = (height + 2 * pad[0] - r) // stride + 1, (width + 2 * pad[0] - s) // stride + 1
    return _computed("fprop", x, w, (x.shape, w.shape, (n, o, q, k)), stride, pad[0])


def pull_input(g: Array, w: Array, shape: Shape, stride: int = 1, pad: int = 0) -> Array:
    """The cotangent of x."""
    return _computed("dgrad", g, w, (tuple(shape), w.shape, g.shape), stride, pad)


def pull_weight(g: Array, x: Array, shape: Shape, stride: int = 1, pad: int = 0) -> Array:
    """The cotangent of w."""
    return _computed("wgrad", x, g, (x.shape, tuple(shape), g.shape), stride, pad)


def _computed(
    face: Face,
    one: Array,
    other: Array,
    shapes: tuple[Shape, Shape, Shape],
    stride: int,
    pad: int,
) -> Array:
    """The face, whose operands are ``one`` and ``other``, at the ``shapes`` of x, w and y."""
    library = convolutions()
    given = ready(one, other)
    if library is None or given is None:
        return NotImplemented
    xp = array_module(one)
    out = xp.empty(shapes[RESULT[face]], one.dtype)
    number = "fp64" if one.dtype == np.dtype("float64") else precision()
    case = Case(face, *shapes, stride, pad, number)
    one, other = given if number != "bf16" else map(_rounded, given)
    return out if library(xp, case, one, other, out) else NotImplemented


def _rounded(x: Array) -> Array:
    """The bits of ``x`` in bfloat16, rounded to the nearest."""
    out = array_module(x).empty(x.shape, "uint16")
    threads = sweep(x.size)
    launch("rounded", x, threads, out, x, np.int64(x.size), np.int64(threads))
    return out
