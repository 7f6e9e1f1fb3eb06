"""The training loss and the turning of units are measured with and without weight decay.

The lecture says that weight decay speeds up training, and asks why. At a fixed rate decay keeps the
weights before a batch norm short, so that they turn more. Where their length is held fixed, decay
does not make them turn more. Whether decay lowers the training loss depends on the rate and the
time. At a small rate decay lowers it on the way, by a few per cent, but not at the end. At a rate
near the best one decay makes the loss larger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared import final_loss, protocol
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.protocol import Recipe
from deepnet.experiments.grosse2021.shared.turns import Turns, hidden, numbered
from deepnet.experiments.store import Arrays
from deepnet.training import SGD, FixedNorms

VERSION = 2
SOURCE = cite("grosse2021", "Why does weight decay speed up optimization on the training set?")
RATES, DECAYS = (0.05, 0.3), (0.0, 1e-3, 3e-3)


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, with 60 epochs at quick.

    ``looks``: the epochs at which the loss is measured.
    ``after``: the number of further epochs at a tenth of the rate.
    ``every``: the number of steps from one record to the next.
    """
    return protocol.configuration(scale) | {
        "looks": scale.pick([1, 2], [5, 20, 60], [5, 20, 60, 500]),
        "after": scale.pick(1, 2, 2),
        "every": scale.pick(1, 50, 50),
    }


def recipes(config: Mapping[str, Any]) -> dict[str, Recipe]:
    """The runs by name.

    "0.05, 0.001": with batch norm, at this rate and this decay.
    "held, 0.003": with the hidden units' lengths held, at the higher rate.
    "none, 0.003": without batch norm, at the lower rate.

    The last two kinds have no decay or the largest.
    """
    epochs = config["looks"][-1]
    dense = partial(protocol.dense, config, epochs=epochs)
    by_name = {
        f"{rate:g}, {decay:g}": dense(rate=rate, rule=SGD(decay=decay))
        for rate in RATES
        for decay in DECAYS
    }
    hidden_layers = [f"dense{i + 1}" for i in range(len(config["hidden"]))]
    for decay in (DECAYS[0], DECAYS[-1]):
        rule = SGD(decay=decay)
        held = FixedNorms(rule, hidden_layers)
        by_name[f"held, {decay:g}"] = dense(rate=RATES[-1], rule=held)
        by_name[f"none, {decay:g}"] = dense(rate=RATES[0], rule=rule, norm="none")
    return by_name


def run(context: Context) -> Arrays:
    """The turning and the losses of each of the ``recipes``, by name.

    "<run>:<quantity>": the records of ``Turns``, once per epoch at quick, and their "epoch".
    "<run>:losses" (looks + 1,): the losses, the last one after the epochs at a tenth of the rate.
    "<run>:mark": the number of an ``Outcome``.
    """
    context = prepared(context)
    arrays: Arrays = {}
    for name, recipe in recipes(context.config).items():
        compute = partial(_followed, recipe, context)
        measured = context.stage(name.replace(", ", "-"), compute)
        arrays |= {f"{name}:{quantity}": column for quantity, column in measured.items()}
    return arrays


def _followed(recipe: Recipe, context: Context) -> Arrays:
    config, data = context.config, context.data
    problem = protocol.problem(recipe, data)
    turns = Turns(tuple(problem.net.shapes), config["every"])
    state = protocol.start(recipe, context)
    losses = []
    for after in protocol.plan(recipe, context, [turns], state).states(context.data):
        state = after
        if state.epoch in config["looks"] and not state.diverged:
            losses.append(final_loss.final_loss(problem, state.weights, data))
    slow = replace(recipe, rate=recipe.rate / 10, epochs=recipe.epochs + config["after"])
    ended = protocol.trained(slow, context, (), state)
    steps = len(data.x_train) // recipe.batch
    return numbered(turns) | {
        "losses": np.array([*losses, ended.loss]),
        "mark": np.array(ended.outcome),
        "epoch": turns.arrays["step"] / steps,
    }


def ratios(arrays: Arrays, less: str, more: str, quantity: str) -> np.ndarray:
    """The mean of ``quantity`` over the hidden units, run ``more`` divided by run ``less``.

    Each ratio is of means over about five epochs, from the tenth epoch on, because single batches
    differ by more than the runs do.
    """
    epochs = arrays[f"{less}:epoch"]
    late = np.flatnonzero(epochs > 10) if epochs[-1] > 10 else np.arange(len(epochs))
    parts = np.array_split(late, max(1, int(epochs[-1] - 10) // 5))
    above, below = (hidden(arrays, name, quantity).mean(1) for name in (more, less))
    return np.array([above[part].mean() / below[part].mean() for part in parts])


def least_turn(*pairs: tuple[str, str]) -> Measure:
    """The least factor by which the mean angle grows from the first to the second run of a pair."""
    return lambda arrays: min(float(ratios(arrays, *pair, "angle").min()) for pair in pairs)


def _pairs(kind: str, decays: Sequence[float] = DECAYS) -> list[tuple[str, str]]:
    names = [f"{kind}, {decay:g}" for decay in decays]
    return list(pairwise(names))


def _longest(arrays: Arrays) -> float:
    """The largest factor from one decay to the next by which the mean r grows.

    It is below 1 where decay makes all weights shorter.
    """
    pairs = [pair for rate in RATES for pair in _pairs(f"{rate:g}")]
    return max(float(ratios(arrays, *pair, "r").max()) for pair in pairs)


def rise(rate: float, look: int) -> Measure:
    """The loss with the largest decay divided by the loss without decay.

    ``look`` is the index of a loss, -1 for the loss after the lower rate. The measure is nan where
    one of the two runs did not train.
    """

    def measure(arrays: Arrays) -> float:
        none, most = (f"{rate:g}, {decay:g}" for decay in (DECAYS[0], DECAYS[-1]))
        if arrays[f"{none}:mark"] or arrays[f"{most}:mark"]:
            return float("nan")
        return float(arrays[f"{most}:losses"][look] / arrays[f"{none}:losses"][look])

    return measure


ENDS = (DECAYS[0], DECAYS[-1])
#: The observation states a sign. In its null decay cannot shorten the hidden units' weights.
OBSERVATIONS = (
    Observation(
        "decay_and_loss.turning_more",
        says=(
            "Hidden units of the net with batch norm turn by a larger mean angle per step with "
            "each larger weight decay, at both rates, from the tenth epoch on."
        ),
        link="log",
        band=(1, np.inf),
        measure=least_turn(*_pairs("0.05"), *_pairs("0.3")),
        null=least_turn(*_pairs("held", ENDS)),
        stated="after",
        was="At each record more decay makes units shorter and makes them turn more.",
        why="Single batches differ by more than runs do. No reason is given for the rest.",
    ),
    Observation(
        "decay_and_loss.shorter",
        says=(
            "The largest factor by which the next larger weight decay multiplies the hidden units' "
            "mean squared length, with batch norm."
        ),
        link="log",
        band=None,
        measure=_longest,
    ),
    Observation(
        "decay_and_loss.turning_without_batch_norm",
        says=(
            "The least factor by which the largest weight decay multiplies the hidden units' mean "
            "angle per step, without batch norm."
        ),
        link="log",
        band=None,
        measure=least_turn(*_pairs("none", ENDS)),
    ),
    *(
        Observation(
            f"decay_and_loss.loss_{where}_at_{rate:g}",
            says=(
                "The training loss with the largest weight decay divided by the loss without "
                f"decay, with batch norm, {when} the rate {rate:g}."
            ),
            link="log",
            band=None,
            measure=rise(rate, look),
        )
        for rate in RATES
        for where, look, when in (
            ("early", 0, "after the first epochs at"),
            ("on_the_way", 1, "after more epochs at"),
            ("at_the_end", -2, "after all epochs at"),
            ("after_a_tenth_of_the_rate", -1, "after epochs at a tenth of"),
        )
    ),
)
