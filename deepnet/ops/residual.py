"""Fewer pixels and more channels, for the shortcuts of a residual net."""

from typing import Any

from deepnet.backend import array_module
from deepnet.ops.families import Linear

Array = Any


def _padded(x: Array, channels: int, first: int = 0, **_: Any) -> Array:
    y = array_module(x).zeros((*x.shape[:-1], channels), x.dtype)
    y[..., first : first + x.shape[-1]] = x
    return y


def _unpadded(g: Array, shape: tuple[int, ...], first: int = 0, **_: Any) -> Array:
    return g[..., first : first + shape[-1]]


def _every(x: Array, size: int, **_: Any) -> Array:
    return x[:, ::size, ::size]


def _spread(g: Array, size: int, shape: tuple[int, ...]) -> Array:
    x = array_module(g).zeros(shape, g.dtype)
    x[:, ::size, ::size] = g
    return x


#: y[..., first:first + c] = x for x of c channels, and zeros in the others of ``channels``.
pad_channels = Linear("pad_channels", _padded, _unpadded)
#: y[:, i, j] = x[:, i size, j size]: the rows and columns 0, size, 2 size, ...
subsample = Linear("subsample", _every, _spread)
