"""Convolution of NHWC images with KRSC weights: one trilinear form with three faces.

The letters are n images, h x w pixels, c channels in, k filters of r x s pixels, o x q pixels out.

    <g, conv(x, w)> = sum g[n,o,q,k] x[n, o stride + r - pad, q stride + s - pad, c] w[k,r,s,c]
"""

from collections.abc import Sequence
from typing import Any

from deepnet.backend import array_module
from deepnet.ops.blocks import run_rows
from deepnet.ops.families import Bilinear, Kept, adding
from deepnet.ops.hot import hot

Array = Any
Pairs = Sequence[tuple[Array, Array]]


def _patches(x: Array, kernel: tuple[int, int], stride: int) -> Array:
    """A view of padded images as (n, o, q, r, s, c)."""
    (n, height, width, c), (r, s) = x.shape, kernel
    o, q = (height - r) // stride + 1, (width - s) // stride + 1
    image, down, right, channel = x.strides
    # not sliding_window_view: CuPy's brings the window's shape to the device and back
    return array_module(x).lib.stride_tricks.as_strided(
        x,
        (n, o, q, r, s, c),
        (image, stride * down, stride * right, down, right, channel),
    )


def _pad(x: Array, pad: tuple[int, int, int, int]) -> Array:
    """Put zeros around the pixels.

    A negative pad crops (as a pull with more padding than kernel needs).
    """
    if not any(pad):
        return x
    xp = array_module(x)
    top, bottom, left, right = (max(0, extent) for extent in pad)
    cut_top, cut_bottom, cut_left, cut_right = (max(0, -extent) for extent in pad)
    x = x[:, cut_top : x.shape[1] - cut_bottom, cut_left : x.shape[2] - cut_right]
    n, h, w, c = x.shape
    padded = xp.zeros((n, h + top + bottom, w + left + right, c), x.dtype)
    padded[:, top : top + h, left : left + w] = x
    return padded


def convolve(x: Array, w: Array, stride: int = 1, pad: int = 0) -> Array:
    """The convolution y[n,o,q,k].

    Raises ValueError where images and filters differ in channels, or an image is smaller than a
    filter.
    """
    fits = x.ndim == w.ndim == 4 and x.shape[3] == w.shape[3]
    if not fits or min(x.shape[1] - w.shape[1], x.shape[2] - w.shape[2]) + 2 * pad < 0:
        raise ValueError(
            f"conv: images of shape {x.shape} for filters of shape {w.shape}; give (n, rows, "
            f"columns, {w.shape[-1]}), no smaller than a filter"
        )
    return _correlate(x, w, stride, (pad,) * 4)


@hot
def _correlate(x: Array, w: Array, stride: int, pad: tuple[int, int, int, int]) -> Array:
    xp = array_module(x)
    k, r, s, c = w.shape
    n, height, width, _ = x.shape
    o = (height + pad[0] + pad[1] - r) // stride + 1
    q = (width + pad[2] + pad[3] - s) // stride + 1
    matrix = xp.ascontiguousarray(w.reshape(k, -1).T)
    y = xp.empty((n, o, q, k), xp.result_type(x, w))

    def block(rows: slice) -> None:
        patches = _patches(_pad(x[rows], pad), (r, s), stride)
        columns = patches.reshape(-1, r * s * c)
        xp.matmul(columns, matrix, out=y[rows].reshape(-1, k))

    run_rows(x, block, o * q * k, o * q * r * s * c, blas=True)
    return y


@hot
def pull_input(g: Array, w: Array, shape: tuple, stride: int = 1, pad: int = 0) -> Array:
    """The cotangent of x: the flipped weights applied to g, which is spread out by the stride."""
    xp = array_module(g)
    k, r, s, _ = w.shape
    _, height, width, _ = shape
    if stride > 1:
        o, q = g.shape[1:3]
        spread = xp.zeros((len(g), (o - 1) * stride + 1, (q - 1) * stride + 1, k), g.dtype)
        spread[:, ::stride, ::stride] = g
        g = spread
    flipped = w[:, ::-1, ::-1].transpose(3, 1, 2, 0)
    top, left = r - 1 - pad, s - 1 - pad
    bottom = height + r - 1 - g.shape[1] - top
    right = width + s - 1 - g.shape[2] - left
    return _correlate(g, flipped, 1, (top, bottom, left, right))


@hot
def pull_weight(g: Array, x: Array, shape: tuple, stride: int = 1, pad: int = 0) -> Array:
    """The cotangent of w: patches of x times g. Block sums are added in a fixed order."""
    xp = array_module(g)
    k, r, s, c = shape

    def block(rows: slice) -> Array:
        patches = _patches(_pad(x[rows], (pad,) * 4), (r, s), stride)
        patches = patches[:, : g.shape[1], : g.shape[2]]
        return g[rows].reshape(-1, k).T @ patches.reshape(-1, r * s * c)

    parts = run_rows(x, block, g[0].size, g[0].size // k * r * s * c, blas=True)
    return xp.stack(parts).sum(0).reshape(shape)


@hot
def _summed_convolve(pairs: Pairs, kept: Kept, stride: int = 1, pad: int = 0) -> Array:
    return adding(convolve)(pairs, kept, stride=stride, pad=pad)


@hot
def _summed_pull_input(
    pairs: Pairs, shape: tuple, kept: Kept, stride: int = 1, pad: int = 0
) -> Array:
    return adding(pull_input)(pairs, shape, kept, stride=stride, pad=pad)


@hot
def _summed_pull_weight(
    pairs: Pairs, shape: tuple, kept: Kept, stride: int = 1, pad: int = 0
) -> Array:
    return adding(pull_weight)(pairs, shape, kept, stride=stride, pad=pad)


conv = Bilinear("conv", _summed_convolve, _summed_pull_input, _summed_pull_weight)
