"""Random nets of a finite width, drawn: one layer after another, at inputs of Gaussian entries."""

from typing import Any

import numpy as np
import sympy as sp

from theory.definitions.scope import Meaning, Scope
from theory.functions.heads_of_nets import channel
from theory.functions.stated import gradient_growth

#: Nets per mean.
NETS = 32


def channels(value: Any, scope: Scope) -> dict[Any, np.ndarray]:
    """The sums of all channels of the layer in ``NETS`` nets, at each of the inputs in ``value``:
    so many draws of the sum of one channel."""
    heads = sorted(value.atoms(channel), key=str)
    activation, layer, width, _ = heads[0].args
    rows, depth = scope.whole(width), scope.whole(layer)
    states = {each: scope.random.standard_normal((NETS, rows, 1)) for each in heads}
    for place in range(depth):
        weights = scope.random.standard_normal((NETS, rows, rows)) * np.sqrt(2 / rows)
        states = {each: weights @ state for each, state in states.items()}
        if place < depth - 1:
            (letter,) = activation.signature
            states = {
                each: scope.bound({letter: state}).of(activation.expr)
                for each, state in states.items()
            }
    return {each: state.reshape(-1) for each, state in states.items()}


def _channel(e: Any, scope: Scope) -> Any:
    return scope.notes.drawn[e]


def _growth(e: Any, scope: Scope) -> Any:
    """How a random gradient at the top of a net grows over one of its layers, far below the top and
    above the inputs."""
    scope.by_chance()
    scope.refine()
    activation, letter, size = e.args
    batch, width, depth = scope.whole(size), 2 ** (6 + scope.level), 8
    slope = sp.diff(activation, letter)
    values = scope.random.standard_normal((width, batch))
    kept = []
    for _ in range(depth):
        weights = scope.random.standard_normal((width, width)) / np.sqrt(width)
        centred = values - values.mean(axis=1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(axis=1, keepdims=True))
        normed = centred / deviation
        there = scope.bound({letter: normed})
        kept.append((weights, normed, deviation, there.of(slope) + 0 * normed))
        values = weights @ there.of(activation)
    gradient = scope.random.standard_normal(values.shape)
    squares = [(gradient**2).sum()]
    for weights, normed, deviation, steep in reversed(kept):
        back = (weights.T @ gradient) * steep
        back = back - back.mean(axis=1, keepdims=True)
        gradient = (back - normed * (back * normed).mean(axis=1, keepdims=True)) / deviation
        squares.append((gradient**2).sum())
    middle = depth // 2
    return squares[middle + 1] / squares[middle]


MEANINGS: dict[type, Meaning] = {channel: _channel, gradient_growth: _growth}
