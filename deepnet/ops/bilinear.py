"""Bilinear operations: each is a trilinear form with three faces.

The letters are n examples, i inputs, k outputs and c channels (the last axis).
"""

from typing import Any

import numpy as np

from deepnet.ops.blocks import run_blocks, slices
from deepnet.ops.channels import channel_mean_product, scaled
from deepnet.ops.families import Bilinear, adding
from deepnet.ops.hot import hot

Array = Any


#: BLAS computes a product of up to FEW multiplications alone. A larger one has BLOCK per block.
FEW, BLOCK = 1 << 18, 1 << 23


@hot
def _product(a: Array, b: Array) -> Array:
    """The product ``a @ b``.

    A large product is computed by blocks of rows on the engine's threads.
    """
    room = b.size
    if not isinstance(a, np.ndarray) or len(a) * room <= FEW:
        return a @ b
    y = np.empty((len(a), b.shape[1]), np.result_type(a, b))

    def block(rows: slice) -> None:
        np.matmul(a[rows], b, out=y[rows])

    run_blocks(block, slices(len(a), room, BLOCK), blas=True)
    return y


def _dense(x: Array, w: Array) -> Array:
    if not (x.ndim == w.ndim == 2 and x.shape[1] == w.shape[1]):
        raise ValueError(
            f"dense: inputs of shape {x.shape} for weights of shape {w.shape}; give "
            f"(n, {w.shape[-1]})"
        )
    return _product(x, w.T)


#: y[n,k] = sum_i x[n,i] w[k,i].
dense = Bilinear(
    "dense",
    adding(_dense),
    adding(lambda g, w, shape: _product(g, w)),
    adding(lambda g, x, shape: _product(g.T, x)),
)
#: y[..., c] = x[..., c] a[c]: the learnable scale of batch norm.
channel_scale = Bilinear(
    "channel_scale",
    adding(scaled),
    adding(lambda g, a, shape: scaled(g, a)),
    adding(lambda g, x, shape: channel_mean_product(g, x) * (g.size // g.shape[-1])),
)
