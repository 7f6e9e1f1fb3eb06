"""Softmax cross-entropy: ``deepnet.ops.losses`` on the GPU."""

from typing import Any

import numpy as np

from deepnet.backend import array_module
from deepnet.ops.gpu.launch import launch, ready, sweep

Array = Any


def softmax(z: Array, target: Array) -> tuple[Array, Array, Array, Array]:
    """The loss, p, s and the gradient in z."""
    given = ready(z, target)
    if given is None or z.ndim != 2 or z.shape != target.shape:
        return NotImplemented
    xp, (n, _) = array_module(z), z.shape
    terms, s = xp.empty((n,), z.dtype), xp.empty((n, 1), z.dtype)
    p, slope = xp.empty(z.shape, z.dtype), xp.empty(z.shape, z.dtype)
    _launch("softmax", z, terms, p, s, slope, *given)
    return terms.mean(), p, s, slope


def bend_of_softmax(p: Array, s: Array, g: Array, dz: Array) -> Array:
    """G s p (dz - sum p dz)/n."""
    given = ready(p, s, dz, g)
    if given is None or g.size != 1 or p.shape != dz.shape:
        return NotImplemented
    p, s, dz, g = given
    out = array_module(p).empty(p.shape, p.dtype)
    _launch("bend_of_softmax", p, out, g, p, s, dz)
    return out


def _launch(kernel: str, like: Array, *arrays: Array) -> None:
    n, classes = like.shape
    threads = sweep(n, least=1)
    launch(kernel, like, threads, *arrays, np.int64(n), np.int64(threads), np.int32(classes))
