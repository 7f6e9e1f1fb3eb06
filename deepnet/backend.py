"""The array module is a property of the arrays, never a global.

A computation happens on the device of its data. Weights and targets are brought beside the inputs.
Results that are stored are brought to the host.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy


def array_module(x: Any) -> Any:
    """NumPy or CuPy, whichever ``x`` belongs to."""
    if type(x).__module__.partition(".")[0] == "cupy":
        return sys.modules["cupy"]
    return numpy


def on_host(x: Any) -> bool:
    """Whether ``x`` is a NumPy array or a number, not an array of a device."""
    return array_module(x) is numpy


def tree_map(f: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """Apply ``f`` to each array of a tree: an array, or a dictionary or tuple of trees.

    ``others`` are trees of equal structure. ``f`` also takes their arrays at this place.
    """
    if isinstance(tree, Mapping):
        return {name: tree_map(f, tree[name], *(other[name] for other in others)) for name in tree}
    if isinstance(tree, tuple):
        return tuple(map(partial(tree_map, f), tree, *others))
    return f(tree, *others)


def to_host(x: Any) -> Any:
    """``x``, an array or a dictionary or tuple of arrays, as NumPy arrays."""
    return tree_map(lambda array: array if on_host(array) else array.get(), x)


def beside(x: Any, other: Any) -> Any:
    """Move ``other``, an array or a dictionary or tuple of arrays, to the device of ``x``.

    An array that is already there is returned unchanged. Arrays without dimensions, such as counts,
    stay where they are.
    """
    if isinstance(other, Mapping):
        moved = {name: beside(x, array) for name, array in other.items()}
        return other if all(moved[name] is array for name, array in other.items()) else moved
    if isinstance(other, tuple):
        return tuple(beside(x, array) for array in other)
    if array_module(x) is array_module(other) or not getattr(other, "ndim", 0):
        return other
    return to_host(other) if on_host(x) else array_module(x).asarray(other)


def scalar(x: Any, number: Any) -> Any:
    """``number`` in the form that an operation with ``x`` needs.

    On the host this is ``number`` itself. On a device it is an array without dimensions and with
    the type of ``x``, filled on the device.
    """
    if on_host(x):
        return number
    if on_host(number):
        return array_module(x).full((), number, x.dtype)
    return number.astype(x.dtype, copy=False)


def joined(arrays: Sequence[Any]) -> Any:
    """The arrays joined along the first axis, in their order."""
    xp = array_module(arrays[0])
    if xp is numpy:
        return xp.concatenate(arrays)
    # not concatenate: CuPy brings the addresses of more than eight arrays from the host
    lengths = [len(array) for array in arrays]
    out = xp.empty((sum(lengths), *arrays[0].shape[1:]), xp.result_type(*arrays))
    start = 0
    for array, length in zip(arrays, lengths, strict=True):
        out[start : start + length] = array
        start += length
    return out


def numbers(values: Sequence[Any]) -> list[float]:
    """Numbers, and arrays of one number, as Python floats.

    A device's arrays come in one transfer.
    """
    away = [value for value in values if not on_host(value)]
    if not away:
        return [float(value) for value in values]
    xp = array_module(away[0])
    fetched = iter(to_host(xp.stack([value.astype("float64") for value in away])).tolist())
    return [float(value) if on_host(value) else next(fetched) for value in values]
