"""Does weight decay speed up training, as the lecture has it and asks why? At a fixed rate it keeps
the weights before a batch norm short, so that they turn more at every step; without batch norm
there is no such effect of their length. Whether that lowers the training loss depends on the rate:
here it does not, neither on the way nor after two epochs at a tenth of the rate."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.data import Dataset
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021 import protocol
from deepnet.experiments.grosse2021.protocol import Recipe
from deepnet.experiments.grosse2021.turns import Turns, hidden
from deepnet.experiments.store import Arrays
from deepnet.training import SGD, beginning

VERSION = 1
SOURCE = cite("grosse2021", "Why does weight decay speed up optimization on the training set?")
RATES, DECAYS = (0.05, 0.3), (0.0, 1e-3, 3e-3)


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's: 60 epochs, with the loss at 5, 20 and 60, and 2 at a tenth of the rate."""
    return protocol.configuration(scale) | {
        "looks": scale.pick([1, 2], [5, 20, 60], [5, 20, 60, 500]),
        "after": scale.pick(1, 2, 2),
        "every": scale.pick(1, 50, 50),
    }


def recipes(config: Mapping[str, Any]) -> dict[str, Recipe]:
    """With batch norm at each rate and decay ("0.05, 0.001"); without, at the lower rate, with none
    and with the most decay ("none, 0")."""
    dense = partial(protocol.dense, config, epochs=config["looks"][-1])
    found = {
        f"{rate:g}, {decay:g}": dense(rate=rate, rule=SGD(decay=decay))
        for rate in RATES
        for decay in DECAYS
    }
    return found | {
        f"none, {decay:g}": dense(rate=RATES[0], rule=SGD(decay=decay), norm="none")
        for decay in DECAYS
    }


def run(config: Mapping[str, Any], context: Context) -> Arrays:
    """Of each of ``recipes``, by name: what ``Turns`` sees, once an epoch at quick scale; "losses"
    (looks + 1,), the last after the epochs at a tenth of the rate; "mark", "layers", "epoch"."""
    data = protocol.images(config, context.data)
    arrays: Arrays = {}
    for name, recipe in recipes(config).items():
        compute = partial(_followed, recipe, config, data, context.seed)
        found = context.stage(name.replace(", ", "-"), compute)
        arrays |= {f"{name}:{what}": column for what, column in found.items()}
    return arrays


def _followed(recipe: Recipe, config: Mapping[str, Any], data: Dataset, seed: int) -> Arrays:
    of = protocol.problem(recipe, data)
    layers = tuple(of.net.shapes)
    turns = Turns(layers, config["every"])
    state = beginning(protocol.weights(recipe, data, seed), recipe.training)
    losses = []
    for after in protocol.states(recipe, data, seed, [turns], state):
        state = after
        if state.epoch in config["looks"] and not state.diverged:
            losses.append(protocol.final_loss(of, state.weights, data))
    slow = replace(recipe, rate=recipe.rate / 10, epochs=recipe.epochs + config["after"])
    ended = protocol.trained(slow, data, seed, (), state)
    steps = len(data.x_train) // recipe.batch
    return turns.arrays | {
        "layers": np.array(layers),
        "losses": np.array([*losses, ended.loss]),
        "mark": np.array(ended.mark),
        "epoch": turns.arrays["step"] / steps,
    }


def _ratios(kind: str, arrays: Arrays) -> Iterator[np.ndarray]:
    """Between one decay and the next larger one, at each record after the tenth epoch: by which
    factor the mean angle grows, and by which the mean r falls."""
    for less, more in pairwise(DECAYS):
        one, other = f"{kind}, {less:g}", f"{kind}, {more:g}"
        late = arrays[f"{one}:epoch"] > 10
        late[-1] = True  # at tiny scale there is no tenth epoch
        yield (_mean(arrays, other, "angle") / _mean(arrays, one, "angle"))[late]
        yield (_mean(arrays, one, "r") / _mean(arrays, other, "r"))[late]


def _mean(arrays: Arrays, name: str, what: str) -> np.ndarray:
    found: np.ndarray = hidden(arrays, name, what).mean(1)
    return found


def least_factor(*kinds: str) -> Measure:
    """The least factor of ``_ratios``; above 1 where more decay always means shorter weights that
    turn more."""
    return lambda arrays: min(
        float(ratio.min()) for kind in kinds for ratio in _ratios(kind, arrays)
    )


def rise(rate: float, look: int) -> Measure:
    """The loss with the most decay over that without, at a look (-1: after the lower rate)."""

    def measure(arrays: Arrays) -> float:
        none, most = (f"{rate:g}, {decay:g}" for decay in (DECAYS[0], DECAYS[-1]))
        if arrays[f"{none}:mark"] or arrays[f"{most}:mark"]:
            return float("nan")
        return float(arrays[f"{most}:losses"][look] / arrays[f"{none}:losses"][look])

    return measure


#: A sign. The null has no batch norm: decay shortens the weights there too, but does not turn them.
OBSERVATIONS = (
    Observation(
        "decay_and_loss.shorter_and_turning_more",
        band=(1, np.inf),
        measure=least_factor(*(f"{rate:g}" for rate in RATES)),
        null=least_factor("none"),
    ),
    *(
        Observation(f"decay_and_loss.loss_{where}_at_{rate:g}", None, rise(rate, look))
        for rate in RATES
        for where, look in (("early", 0), ("at_the_end", -2), ("after_a_tenth_of_the_rate", -1))
    ),
)
