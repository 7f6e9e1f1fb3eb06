"""Descents on the weights of a unit, step by step, which the sections run.

Their gradients are random, or are the gradients of a loss.
"""

from collections.abc import Callable

import numpy as np

from sim.derivatives import complex_gradient
from sim.invariance.draws import Array, HomogeneousLoss

#: The gradient at weights of any length.
Slope = Callable[[Array], Array]


def tangent(rng: np.random.Generator, *away: Array) -> Array:
    """A random direction orthogonal to all of ``away``, vectors or stacks of them (last axis)."""
    direction = rng.normal(size=away[0].shape)
    kept: list[Array] = []
    for vector in away:
        for one in kept:
            vector = vector - (vector * one).sum(-1, keepdims=True) * one
        size = np.linalg.norm(vector, axis=-1, keepdims=True)
        kept.append(np.divide(vector, size, out=np.zeros_like(vector), where=size > 0))
    for _ in range(2):  # the second time takes off the rounding of the first
        for one in kept:
            direction = direction - (direction * one).sum(-1, keepdims=True) * one
    return np.asarray(direction / np.linalg.norm(direction, axis=-1, keepdims=True))


def constant(rng: np.random.Generator, G: float | Array) -> Slope:
    """Random gradients orthogonal to the weights W, of length G/|W|."""

    def slope(W: Array) -> Array:
        return G * tangent(rng, W) / np.linalg.norm(W, axis=-1, keepdims=True)

    return slope


def gradient_of(loss: HomogeneousLoss) -> Slope:
    """The gradient of a loss, by complex steps."""
    return lambda W: complex_gradient(loss, W)


def path(
    slope: Slope,
    W: Array,
    rates: Array | list[float],
    beta: float = 0.0,
    decay: float = 0.0,
    buffer: Array | None = None,
) -> tuple[Array, Array]:
    """Weights after 0, 1, ... steps of (momentum) descent with decay, and the buffers of the
    steps."""
    v = 0 * W if buffer is None else buffer
    weights, buffers = [W], []
    for rate in rates:
        v = beta * v + slope(W) + decay * W
        W = W - rate * v
        weights.append(W)
        buffers.append(v)
    return np.array(weights), np.array(buffers)
