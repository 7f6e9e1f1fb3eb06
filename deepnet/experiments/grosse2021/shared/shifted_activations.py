"""Constants are added to a net's activations, and the change of the losses is recorded."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from deepnet import ops
from deepnet.backend import beside
from deepnet.experiments.activations import ACTIVATIONS
from deepnet.experiments.context import Context
from deepnet.experiments.grosse2021.shared import protocol
from deepnet.experiments.store import Arrays
from deepnet.nets.layer import Layer
from deepnet.nets.modes import Norm
from deepnet.nets.net import Net
from deepnet.training import train


def differences(recipe: protocol.Recipe, deviation: float, context: Context) -> Arrays:
    """The change of each step's loss when activations are shifted, {difference: (steps,)}.

    Constants are added to the activations of all hidden layers but the last. No batch norm follows
    the last one. The constants are normal with mean 0 and this ``deviation``.
    """
    problem = protocol.problem(recipe, context.data)
    shift = context.rng("shift").normal(0, deviation, recipe.hidden[0])
    training, start = protocol.training(recipe, context), protocol.start(recipe, context)
    losses = []
    for net in (problem.net, shifted(problem.net, recipe, shift)):
        *_, last = train(replace(problem, net=net), context.data, training, start)
        losses.append(np.array(last.records["loss"]))
    steps = min(len(column) for column in losses)
    return {"difference": abs(losses[1][:steps] - losses[0][:steps])}


def shifted(net: Net, recipe: protocol.Recipe, shift: np.ndarray) -> Net:
    """The mlp with ``shift`` (units,) added to the activations of hidden layers but the last."""
    function = ACTIVATIONS[recipe.activation]
    *hidden, last = (
        Layer(name=name, shape=net.shapes[name], activation=function, norm="pre")
        for name in net.normed
    )
    end = Layer(name=list(net.shapes)[-1], shape=list(net.shapes.values())[-1])

    def forward(weights: Mapping[str, Any], x: Any, norm: Norm) -> Any:
        h, constants = ops.flatten(x), beside(x, shift)
        for layer in hidden:
            h = ops.channel_shift(layer(weights, h, norm), constants)
        return end(weights, last(weights, h, norm), norm)

    return replace(net, forward=forward)
