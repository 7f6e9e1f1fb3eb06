"""Weights as one vector, and in PyTorch's layout.

In flat order the layers follow the net's order. Each weight is ravelled in PyTorch's layout: (out,
in, rows, columns) for convolutions and (out, in) for dense layers. Inside the engine a
convolution's weight is (out, rows, columns, in).
"""

from collections.abc import Mapping
from math import prod
from typing import Any

from deepnet.backend import array_module, joined

Array = Any
Weights = dict[str, Array]
Shapes = Mapping[str, tuple[int, ...]]


def to_pytorch(weight: Array) -> Array:
    """(out, rows, columns, in) as (out, in, rows, columns).

    Any other array is returned unchanged.
    """
    return weight.transpose(0, 3, 1, 2) if weight.ndim == 4 else weight


def from_pytorch(weight: Array) -> Array:
    """(out, in, rows, columns) as (out, rows, columns, in), contiguous.

    Any other array is unchanged.
    """
    xp = array_module(weight)
    return xp.ascontiguousarray(weight.transpose(0, 2, 3, 1)) if weight.ndim == 4 else weight


def to_vector(weights: Weights) -> Array:
    """All weights in flat order."""
    return joined([to_pytorch(weight).ravel() for weight in weights.values()])


def from_vector(vector: Array, shapes: Shapes) -> Weights:
    """The weights of the engine's ``shapes`` from a vector in flat order.

    Raises ValueError unless the vector has one entry per entry of the weights.
    """
    size = sum(map(prod, shapes.values()))
    if vector.shape != (size,):
        raise ValueError(f"the vector has shape {vector.shape}; give ({size},)")
    weights, start = {}, 0
    for name, shape in shapes.items():
        outside = (shape[0], shape[3], shape[1], shape[2]) if len(shape) == 4 else shape
        stop = start + prod(shape)
        weights[name] = from_pytorch(vector[start:stop].reshape(outside))
        start = stop
    return weights
