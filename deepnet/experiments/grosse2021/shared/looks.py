"""Looks at a net along its training: activations, and outliers of the second layer's block."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from deepnet.backend import to_host
from deepnet.data import Dataset
from deepnet.experiments import images
from deepnet.experiments.context import Context
from deepnet.experiments.grosse2021.shared import protocol, second_layer
from deepnet.experiments.store import Arrays
from deepnet.nets.modes import Mode
from deepnet.training import State
from deepnet.watch.activations import activations


def steps(recipe: protocol.Recipe, data: Dataset, epochs: int) -> int:
    """The number of steps in ``epochs`` epochs."""
    return epochs * (len(data.x_train) // recipe.batch)


def looks(
    recipe: protocol.Recipe, states: Sequence[State], context: Context, modes: Sequence[Mode]
) -> Arrays:
    """Looks at the net after each of the configuration's ``epochs_seen``.

    ``states`` has the state before the training and the state after each epoch. A net that was lost
    earlier is seen as it was last.

    mean, deviation   (epochs, layers, units): of the activations on the ``examples``
    outliers <mode>   (epochs,): the number of outliers of the second layer's block, with that
                      layer's own batch norm in each of the ``modes``
    """
    config, data = context.config, context.data
    x, _ = (to_host(part[: config["examples"]]) for part in images.whole(data))
    problem, rng = protocol.problem(recipe, data), context.rng("outliers")
    columns: dict[str, list[Any]] = {"mean": [], "deviation": []}
    for epoch in config["epochs_seen"]:
        state, step = states[min(epoch, len(states) - 1)], steps(recipe, data, epoch)
        seen = activations(problem.at(step), state.weights, x).values()
        columns["mean"].append([layer.after.mean(0) for layer in seen])
        columns["deviation"].append([layer.after.std(0) for layer in seen])
        if modes:
            net = second_layer.second_layer(recipe, state, data, config["examples"], step)
        for mode in modes:
            outliers = _outliers(net, mode, config["leading"], rng)
            columns.setdefault(f"outliers {mode}", []).append(outliers)
    return {name: np.array(column) for name, column in columns.items()}


def _outliers(
    net: second_layer.SecondLayer, mode: Mode, leading: int, rng: np.random.Generator
) -> int:
    pairs = second_layer.leading(second_layer.block(net.mode(mode)), leading, rng)
    return second_layer.outliers(second_layer.alignments(pairs, net.a.mean(0)))
