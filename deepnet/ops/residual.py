"""More channels, filled with zeros, for the shortcuts of a residual net."""

from typing import Any

from deepnet.backend import array_module
from deepnet.ops.families import Linear

Array = Any


def _padded(x: Array, channels: int, **_: Any) -> Array:
    y = array_module(x).zeros((*x.shape[:-1], channels), x.dtype)
    y[..., : x.shape[-1]] = x
    return y


#: y[..., :c] = x[..., c], and zeros in the channels from c on up to ``channels``.
pad_channels = Linear("pad_channels", _padded, lambda g, shape, **_: g[..., : shape[-1]])
