"""Linear operations: each an application and its adjoint.

n images, h x w pixels, c channels. A maximum pool is linear once the primal pass has chosen.
"""

from typing import Any

from deepnet.backend import array_module
from deepnet.ops.blocks import mapped
from deepnet.ops.families import Linear, total
from deepnet.tape import Operation

Array = Any


class Add(Operation):
    """y = a + b, of one shape: the residual connection."""

    name = "add"

    def forward(self, a: Array, b: Array) -> tuple[Array, Any]:
        if a.shape != b.shape:
            raise ValueError(f"add: shapes {a.shape} and {b.shape} differ; they must be equal")
        return a + b, None

    def push(self, kept: Any, da: Array, db: Array) -> Array:
        return total(da, db)

    def pull(self, kept: Any, g: Array, needs: Any) -> tuple:
        return g, g

    def bend(self, kept: Any, dxs: tuple, g: Array, dg: Array, needs: Any) -> tuple:
        return dg, dg


def _windows(x: Array, size: int) -> Array:
    """(n, h, w, c) as (n, h/size, w/size, c, size^2)."""
    n, h, w, c = x.shape
    if h % size or w % size:
        raise ValueError(f"pool: {h} x {w} pixels do not divide into windows of {size} x {size}")
    tiles = x.reshape(n, h // size, size, w // size, size, c)
    return tiles.transpose(0, 1, 3, 5, 2, 4).reshape(n, h // size, w // size, c, size * size)


def _from_windows(tiles: Array, size: int, shape: tuple) -> Array:
    n, h, w, c = shape
    spread = tiles.reshape(n, h // size, w // size, c, size, size)
    return spread.transpose(0, 1, 4, 2, 5, 3).reshape(shape)


def _chosen(x: Array, size: int) -> dict[str, Array]:
    return {"choice": mapped(lambda x: _windows(x, size).argmax(-1)[..., None], x)}


def _choose(x: Array, size: int, choice: Array, **_: Any) -> Array:
    xp = array_module(x)
    return mapped(lambda x, c: xp.take_along_axis(_windows(x, size), c, -1)[..., 0], x, choice)


def _put_back(g: Array, size: int, choice: Array, shape: tuple) -> Array:
    xp = array_module(g)

    def put(g: Array, choice: Array) -> Array:
        tiles = xp.zeros((*g.shape, size * size), g.dtype)
        xp.put_along_axis(tiles, choice, g[..., None], -1)
        return _from_windows(tiles, size, (len(g), *shape[1:]))

    return mapped(put, g, choice)


def _average(x: Array, size: int, **_: Any) -> Array:
    return _windows(x, size).mean(-1)


def _spread(g: Array, size: int, shape: tuple) -> Array:
    xp = array_module(g)
    tiles = xp.broadcast_to((g / size**2)[..., None], (*g.shape, size * size))
    return _from_windows(tiles, size, shape)


def _centred(x: Array, **_: Any) -> Array:
    return x - x.mean(axis=tuple(range(x.ndim - 1)))


add = Add()
scale = Linear("scale", lambda x, by, **_: x * by, lambda g, by, **_: g * by)
flatten = Linear("flatten", lambda x, **_: x.reshape(len(x), -1), lambda g, shape: g.reshape(shape))
max_pool = Linear("max_pool", _choose, _put_back, _chosen)
average_pool = Linear("average_pool", _average, _spread)
#: Batch centring alone: subtract each channel's mean over the batch and the pixels.
centre = Linear("centre", _centred, _centred)
