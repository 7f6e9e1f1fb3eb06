"""Bilinear operations: a trilinear form each, with three faces.

n examples, i inputs, k outputs, c channels (the last axis).
"""

import operator
from typing import Any

from deepnet.ops.channels import channel_means, with_channels
from deepnet.ops.families import Bilinear

Array = Any


def _scaled(x: Array, a: Array) -> Array:
    return with_channels(operator.mul, [x], a)


def _channel_sums(g: Array, x: Array, shape: tuple) -> Array:
    (mean,) = _mean_product([g, x])
    return mean * (g.size // g.shape[-1])


_mean_product = channel_means(operator.mul)

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
    _scaled,
    lambda g, a, shape: _scaled(g, a),
    _channel_sums,
)
