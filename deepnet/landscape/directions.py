"""Random directions in the space of weights, filter-normalised or raw (li2018).

A filter is what makes one output channel, w[k] of a weight (k, ...) of two or more dimensions. A
filter-normalised direction is normal, each filter rescaled to the length of the weights' own:
d[k] <- d[k] |w[k]|/|d[k]|. A raw one is normal too, rescaled as a whole to the length of the
filter-normalised direction of the same draw.

Weights of one dimension (biases, scales, shifts) are no filters: directions leave them at rest, and
take no random number for them, so that nets with and without them share their directions.
"""

from typing import Any

import numpy as np

from deepnet.backend import array_module, beside
from deepnet.fit import require_all

Array = Any
Weights = dict[str, Array]


def one_dimensional(weights: Weights) -> tuple[str, ...]:
    """The names of the weights that directions leave at rest."""
    return tuple(name for name, w in weights.items() if w.ndim < 2)


def filter_normalised(weights: Weights, rng: np.random.Generator) -> Weights:
    """A random direction, each filter as long as that of the ``weights``; drawn on the host."""
    return {name: _like_filters(d, weights[name]) for name, d in _normal(weights, rng).items()}


def raw(weights: Weights, rng: np.random.Generator) -> Weights:
    """A random direction, as long in all as the filter-normalised one of the same draw."""
    normal = _normal(weights, rng)
    wanted = _length({name: _like_filters(d, weights[name]) for name, d in normal.items()})
    scale = wanted / _length(normal)
    return {name: (scale * d).astype(d.dtype) for name, d in normal.items()}


def moved(weights: Weights, *steps: tuple[float, Weights]) -> Weights:
    """W + sum_i a_i d_i for the ``steps`` (a_i, d_i), in the weights' own precision.

    Raises ValueError where a direction has not the names and shapes of the weights.
    """
    for _, direction in steps:
        require_all("the direction", direction, {name: w.shape for name, w in weights.items()})
    arrived = {}
    for name, w in weights.items():
        shift = sum(a * beside(w, direction[name]) for a, direction in steps)
        arrived[name] = (w + shift).astype(w.dtype)
    return arrived


def cosine(one: Weights, other: Weights) -> float:
    """The cosine of the angle between two directions; about n^-1/2 for random ones."""
    product = sum(float((one[name] * other[name]).sum()) for name in one)
    return product / (_length(one) * _length(other))


def _normal(weights: Weights, rng: np.random.Generator) -> Weights:
    direction = {}
    for name, w in weights.items():
        draw = rng.standard_normal(w.shape) if w.ndim > 1 else np.zeros(w.shape)
        direction[name] = array_module(w).asarray(draw, dtype=w.dtype)
    return direction


def _like_filters(d: Array, w: Array) -> Array:
    if w.ndim < 2:
        return d
    axes = tuple(range(1, w.ndim))
    lengths = [(part * part).sum(axes, keepdims=True) ** 0.5 for part in (w, d)]
    return d * (lengths[0] / lengths[1])


def _length(direction: Weights) -> float:
    return float(sum(float((d * d).sum()) for d in direction.values()) ** 0.5)
