"""Convolution: ``deepnet.ops.convolution`` on the GPU, by cuDNN."""

from typing import Any

import numpy as np

from deepnet.backend import array_module
from deepnet.ops.gpu.cudnn import Case, Face, convolutions
from deepnet.ops.gpu.launch import launch, ready, sweep
from deepnet.ops.gpu.precision import precision

Array = Any
Shape = tuple[int, ...]


def correlate(x: Array, w: Array, stride: int, pad: tuple[int, int, int, int]) -> Array:
    """y[n,o,q,k] under equal padding on all sides."""
    k, r, s, _ = w.shape
    n, height, width, _ = x.shape
    if len(set(pad)) > 1 or pad[0] < 0:
        return NotImplemented
    o, q = (height + 2 * pad[0] - r) // stride + 1, (width + 2 * pad[0] - s) // stride + 1
    y = (n, o, q, k)
    return _computed("fprop", x, w, (x.shape, w.shape, y), y, stride, pad[0])


def pull_input(g: Array, w: Array, shape: Shape, stride: int = 1, pad: int = 0) -> Array:
    """The cotangent of x."""
    shape = tuple(shape)
    return _computed("dgrad", g, w, (shape, w.shape, g.shape), shape, stride, pad)


def pull_weight(g: Array, x: Array, shape: Shape, stride: int = 1, pad: int = 0) -> Array:
    """The cotangent of w."""
    shape = tuple(shape)
    return _computed("wgrad", x, g, (x.shape, shape, g.shape), shape, stride, pad)


def _computed(
    face: Face,
    one: Array,
    other: Array,
    shapes: tuple[Shape, Shape, Shape],
    result: Shape,
    stride: int,
    pad: int,
) -> Array:
    library = convolutions()
    given = ready(one, other)
    if library is None or given is None:
        return NotImplemented
    xp = array_module(one)
    out = xp.empty(result, one.dtype)
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
