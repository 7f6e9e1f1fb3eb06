"""Linear operations: each has an application and its adjoint.

The letters are n images, h x w pixels and c channels. A maximum pool is linear once the primal pass
has chosen the places of the maxima.
"""

import operator
from functools import reduce
from typing import Any

from deepnet.backend import array_module
from deepnet.ops.blocks import mapped
from deepnet.ops.channels import centred
from deepnet.ops.families import Linear, total
from deepnet.ops.hot import hot
from deepnet.tape import Operation

Array = Any


class Add(Operation):
    """y = a + b for arrays of one shape: the residual connection."""

    name = "add"

    def forward(self, a: Array, b: Array) -> tuple[Array, Any]:
        if a.shape != b.shape:
            raise ValueError(f"add: shapes {a.shape} and {b.shape} differ; they must be equal")
        return a + b, None

    def push(self, saved: Any, da: Array, db: Array) -> Array:
        return total(da, db)

    def pull(self, saved: Any, g: Array, needs: Any) -> tuple:
        return g, g

    def bend(self, saved: Any, dxs: tuple, dy: Array, g: Array, dg: Array, needs: Any) -> tuple:
        return dg, dg


def _places(size: int) -> list[tuple[slice, ...]]:
    """One index of (n, h, w, c) per place in a window. It selects this place in all windows."""
    every, offsets = slice(None), range(size)
    return [(every, slice(i, None, size), slice(j, None, size)) for i in offsets for j in offsets]


def pooled(shape: tuple[int, ...], size: int) -> tuple[int, ...]:
    """The shape after a pool. Raises ValueError where windows do not fit."""
    n, h, w, c = shape
    if h % size or w % size:
        raise ValueError(f"pool: {h} x {w} pixels do not divide into windows of {size} x {size}")
    return n, h // size, w // size, c


@hot
def maxima(x: Array, size: int) -> tuple[Array, Array]:
    """Each window's maximum and its place (the first of equals)."""
    xp = array_module(x)

    def find(x: Array) -> Array:
        first, *others = _places(size)
        best, choice = x[first].copy(), xp.zeros(x[first].shape, "uint8")
        for number, place in enumerate(others, 1):
            better = x[place] > best
            xp.maximum(best, x[place], out=best)
            xp.maximum(choice, better * xp.uint8(number), out=choice)
        return choice

    choice = mapped(find, x)
    return _pick(x, choice, size), choice


def _pick(x: Array, choice: Array, size: int) -> Array:
    def pick(x: Array, choice: Array) -> Array:
        chosen = [x[place] * (choice == number) for number, place in enumerate(_places(size))]
        return reduce(operator.add, chosen)

    return mapped(pick, x, choice)


@hot
def chosen(x: Array, choice: Array, size: int) -> Array:
    """The entry of ``x`` at the chosen place of each window."""
    return _pick(x, choice, size)


@hot
def put_back(g: Array, choice: Array, size: int) -> Array:
    """``g`` at the chosen place of each window, zeros elsewhere."""
    xp = array_module(g)

    def put(g: Array, choice: Array) -> Array:
        n, h, w, c = g.shape
        x = xp.empty((n, h * size, w * size, c), g.dtype)
        for number, place in enumerate(_places(size)):
            x[place] = g * (choice == number)
        return x

    return mapped(put, g, choice)


class MaxPool(Linear):
    """The maximum of each window. It is linear once the primal pass has chosen the places."""

    def forward(self, x: Array, size: int) -> tuple[Array, Any]:  # type: ignore[override]
        pooled(x.shape, size)
        y, choice = maxima(x, size)
        return y, {"size": size, "choice": choice, "shape": x.shape}


def _choose(x: Array, size: int, choice: Array, **_: Any) -> Array:
    return chosen(x, choice, size)


def _unchoose(g: Array, size: int, choice: Array, **_: Any) -> Array:
    return put_back(g, choice, size)


def _average(x: Array, size: int, **_: Any) -> Array:
    pooled(x.shape, size)

    def average(x: Array) -> Array:
        return reduce(operator.add, (x[place] for place in _places(size))) * (1 / size**2)

    return mapped(average, x)


def _spread(g: Array, size: int, shape: tuple) -> Array:
    xp = array_module(g)
    x = xp.empty(shape, g.dtype)
    for place in _places(size):
        x[place] = g * (1 / size**2)
    return x


def _centred(x: Array, **_: Any) -> Array:
    return centred(x)


add = Add()
scale = Linear("scale", lambda x, by, **_: x * by, lambda g, by, **_: g * by)
flatten = Linear("flatten", lambda x, **_: x.reshape(len(x), -1), lambda g, shape: g.reshape(shape))
max_pool = MaxPool("max_pool", _choose, _unchoose)
average_pool = Linear("average_pool", _average, _spread)
#: Batch centring alone: subtract each channel's mean over the batch and the pixels.
centre = Linear("centre", _centred, _centred)
