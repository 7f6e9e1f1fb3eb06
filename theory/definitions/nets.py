"""Random nets of a finite width, drawn: one layer after another, at inputs of Gaussian entries."""

from typing import Any

import numpy as np

from theory.definitions.scope import Meaning, Scope
from theory.functions.heads_of_nets import channel

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


MEANINGS: dict[type, Meaning] = {channel: _channel}
