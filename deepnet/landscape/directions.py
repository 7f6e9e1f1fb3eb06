"""Random directions in the space of weights, filter-normalised or raw (li2018).

A filter is the weights of one output channel: w[k] of a weight (k, ...) of two or more dimensions.
Weights of one dimension (biases, scales, shifts) are no filters. Directions leave them at rest and
draw no random number for them, so that nets with and without them share their directions.
"""

from typing import Any

import numpy as np

from deepnet.backend import array_module, beside
from deepnet.fit import require_all

Array = Any
Weights = dict[str, Array]


def one_dimensional(weights: Weights) -> tuple[str, ...]:
    """The names of the weights that directions leave at rest.

        {name: w.ndim < 2}

    These weights are biases, scales and shifts. They are no filters (see ``filter_normalised``).

    Args:
        weights: The weights, {name: array}.

    Returns:
        The names, in the net's order.

    Example:
        >>> one_dimensional({"dense1": np.ones((2, 3)), "dense1.bias": np.ones(2)})
        ('dense1.bias',)
    """
    return tuple(name for name, w in weights.items() if w.ndim < 2)


def filter_normalised(weights: Weights, rng: np.random.Generator) -> Weights:
    """A random direction whose filters are as long as the filters of the weights w.

        d[k] <- d[k] |w[k]|/|d[k]|,    d[k] normal at first

    Each filter d[k] is uniform on the sphere of radius |w[k]|. Over draws the mean curvature along
    d is E d'Hd = sum_k |w[k]|^2 tr H_kk/size_k, where H_kk is the filter's diagonal block of the
    Hessian and size_k is its number of weights. Weights of one dimension stay at rest.

    Args:
        weights: The weights w, {name: array}.
        rng: The source of the normal numbers, which are drawn on the host.

    Returns:
        The direction d, {name: array}, with the shapes and the unit of the weights.

    Reference:
        li2018, section 4
        oxford2021, section 1.2, surface plot with random directions

    Example:
        >>> w = {"dense1": np.array([[3.0, 4.0], [0.0, 1.0]]), "dense1.bias": np.ones(2)}
        >>> d = filter_normalised(w, np.random.default_rng(0))
        >>> np.linalg.norm(d["dense1"], axis=1).round(9).tolist(), d["dense1.bias"].tolist()
        ([5.0, 1.0], [0.0, 0.0])
    """
    return {name: _like_filters(d, weights[name]) for name, d in _normal(weights, rng).items()}


def raw(weights: Weights, rng: np.random.Generator) -> Weights:
    """A random direction that is normal and as long in all as the filter-normalised one.

        d <- d |f|/|d|,    f: ``filter_normalised`` of the same draw d

    d is uniform on the sphere of radius |w|, where w are the weights of two or more dimensions.
    Over draws the mean curvature along d is E d'Hd = |w|^2 tr H/size, where H is the Hessian in
    these weights and size is their number. Weights of one dimension stay at rest.

    Args:
        weights: The weights, {name: array}.
        rng: The source of the normal numbers, which are drawn on the host.

    Returns:
        The direction d, {name: array}, with the shapes and the unit of the weights.

    Reference:
        li2018, section 4

    Example:
        >>> w = {"dense1": np.array([[3.0, 4.0], [0.0, 1.0]])}
        >>> d = raw(w, np.random.default_rng(0))
        >>> float((d["dense1"] ** 2).sum().round(9))
        26.0
    """
    normal = _normal(weights, rng)
    wanted = _length({name: _like_filters(d, weights[name]) for name, d in normal.items()})
    scale = wanted / _length(normal)
    return {name: (scale * d).astype(d.dtype) for name, d in normal.items()}


def moved(weights: Weights, *steps: tuple[float, Weights]) -> Weights:
    """The weights after some steps, in the precision of the weights.

        w + sum_i a_i d_i

    Args:
        weights: The weights w, {name: array}.
        steps: Pairs (a_i, d_i) of a number without unit and a direction, {name: array}.

    Returns:
        The moved weights, {name: array}. They are new arrays.

    Raises:
        ValueError: A direction does not have the names and shapes of the weights.

    Example:
        >>> w, d = {"dense1": np.array([[1.0, 2.0]])}, {"dense1": np.array([[1.0, 0.0]])}
        >>> moved(w, (0.5, d))["dense1"].tolist()
        [[1.5, 2.0]]
    """
    for _, direction in steps:
        require_all("the direction", direction, {name: w.shape for name, w in weights.items()})
    arrived = {}
    for name, w in weights.items():
        shift = sum(a * beside(w, direction[name]) for a, direction in steps)
        arrived[name] = (w + shift).astype(w.dtype)
    return arrived


def cosine(one: Weights, other: Weights) -> float:
    """The cosine of the angle between two directions. It is about n^-1/2 for random directions."""
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
