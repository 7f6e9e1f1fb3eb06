"""Activations and the second layer's outliers are measured along a training."""

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
    """Measurements of the activations, and of the second layer's block, after each epoch seen.

    "mean" and "deviation" (epochs, layers, units): of the activations.
    "outliers active" and so on (epochs,): the number of outliers of the block, for each of the
    ``modes``. "certain active" and so on (epochs,): whether none of them is missing.

    The mode is the mode of the second layer's own batch norm. ``states`` are the state before the
    training and the state after each epoch. If training diverged, the last state is measured in
    place of later ones.
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
            outliers, certain = _outliers(net, mode, context, rng)
            columns.setdefault(f"outliers {mode}", []).append(outliers)
            columns.setdefault(f"certain {mode}", []).append(certain)
    return {name: np.array(column) for name, column in columns.items()}


def _outliers(
    net: second_layer.SecondLayer, mode: Mode, context: Context, rng: np.random.Generator
) -> tuple[int, bool]:
    block = context.checkpointed(second_layer.block(net.mode(mode)), net.weights)
    pairs, certain = second_layer.leading(block, context.config["leading"], rng)
    return second_layer.outliers(second_layer.alignments(pairs, net.a.mean(0))), certain


def means_over_deviations(arrays: Arrays, which: str) -> np.ndarray:
    """The root mean square of the units' means over their mean deviation, (epochs seen, layers)."""
    means, spread = arrays[f"{which}:mean"], arrays[f"{which}:deviation"]
    return np.asarray(np.sqrt((means**2).mean(2)) / spread.mean(2))
