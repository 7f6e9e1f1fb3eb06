"""Weights before a batch norm have a free length: batch norm takes inputs of any length alike.

A gradient then has no component along a unit's own weight, exactly where batch norm's eps is 0. A
way from one set of weights to another may end at units of any length, since all of them compute
alike.
"""

from collections.abc import Sequence

import numpy as np

from deepnet.vectors import Shapes, Weights, from_vector, to_vector


def rescaled(end: Weights, like: Weights, layers: Sequence[str]) -> Weights:
    """The weights ``end``, with each unit of the ``layers`` as long as it is in ``like``."""
    weights = dict(end)
    for layer in layers:
        weights[layer] = end[layer] * (_lengths(like[layer]) / _lengths(end[layer]))
    return weights


def tangent(columns: np.ndarray, weights: Weights, layers: Sequence[str]) -> np.ndarray:
    """``columns`` (n, m) without components along the weight of each unit of the ``layers``."""
    shapes = {name: w.shape for name, w in weights.items()}
    return np.stack([_off(column, weights, layers, shapes) for column in columns.T], axis=1)


def _off(column: np.ndarray, weights: Weights, layers: Sequence[str], shapes: Shapes) -> np.ndarray:
    parts = from_vector(column, shapes)
    for layer in layers:
        unit = weights[layer].astype(float) / _lengths(weights[layer].astype(float))
        axes = tuple(range(1, unit.ndim))
        parts[layer] = parts[layer] - (parts[layer] * unit).sum(axes, keepdims=True) * unit
    return np.asarray(to_vector(parts))


def _lengths(w: np.ndarray) -> np.ndarray:
    """The length of each unit's weight, in a shape that multiplies the weight."""
    return np.sqrt(np.sum(w**2, axis=tuple(range(1, w.ndim)), keepdims=True))
