"""Bilinear operations: a trilinear form each, with three faces.

n examples, i inputs, k outputs, c channels (the last axis).
"""

from typing import Any

from deepnet.ops.families import Bilinear

Array = Any


def _rows(x: Array) -> Array:
    return x.reshape(-1, x.shape[-1])


def _sum_to_channels(product: Array, like: tuple) -> Array:
    return _rows(product).sum(0).reshape(like)


#: y[n,k] = sum_i x[n,i] w[k,i].
dense = Bilinear(
    "dense",
    lambda x, w: x @ w.T,
    lambda g, w, shape: g @ w,
    lambda g, x, shape: g.T @ x,
)
#: y[..., c] = x[..., c] a[c]: the learnable scale of batch norm.
channel_scale = Bilinear(
    "channel_scale",
    lambda x, a: x * a,
    lambda g, a, shape: g * a,
    lambda g, x, shape: _sum_to_channels(g * x, shape),
)
