"""The final loss is measured against the learning rate, over more than three decades.

With batch norm all runs over two of the decades train, as the weights grow with the rate: the
effective rate changes less than the rate does. Where the weights are brought back to length one
after every step, the loss depends more on the rate. Without batch norm training diverges at rates
that are still small. The size of the loss's change depends on the images. On CIFAR-10 it is a
factor of 1.7. On textures, which are nearly learnt at the best rates, it is a factor of 5. The loss
on shuffled labels is the level of a net that can only learn by heart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.data import Dataset
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared import final_loss, protocol
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.turns import rows, squares
from deepnet.experiments.store import Arrays
from deepnet.training import SGD, Adam, FixedNorms, State
from deepnet.training.fixed_norms import lengths, scaled
from deepnet.training.rule import Rule

VERSION = 2
SOURCE = cite("grosse2021", "surprisingly little control over the effective learning rate")
#: The rates, half a decade apart.
RATES = np.round(10 ** np.arange(-2.5, 1.25, 0.5), 4)
KINDS = ("batch norm", "unit length", "from unit length", "none", "shuffled")
MORE_KINDS = ("heavy ball", "Adam", "decay")


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, with 12 epochs.

    ``rules``: "descent", or "all" for ``MORE_KINDS`` too.
    """
    return protocol.configuration(scale) | {
        "epochs": scale.pick(1, 12, 12),
        "rules": scale.pick("descent", "descent", "all"),
    }


def kinds(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of runs at each rate."""
    return KINDS + (MORE_KINDS if config["rules"] == "all" else ())


def run(context: Context) -> Arrays:
    """The final loss and the lengths of the weights of each kind of run at each rate.

    "<kind>:loss" (rates,): the final loss, or a constant answer's where the run diverged.
    "<kind>:mark" (rates,): numbers of an ``Outcome``.
    "<kind>:r_before" and "<kind>:r" (rates,): |w|^2 of the median hidden unit before and after.

    r is 0 where the run diverged. "from unit length" begins as "unit length" does, and its lengths
    are then free. "shuffled" has the labels in another order.
    """
    context = prepared(context)
    arrays: Arrays = {"classes": np.array(context.data.classes)}
    for kind in kinds(context.config):
        compute = partial(_losses, kind, context)
        measured = context.stage(kind.replace(" ", "-"), compute)
        arrays |= {f"{kind}:{quantity}": column for quantity, column in measured.items()}
    return arrays


def _losses(kind: str, context: Context) -> Arrays:
    recipe = protocol.dense(
        context.config, epochs=context.config["epochs"], norm="none" if kind == "none" else "active"
    )
    *layers, _ = protocol.problem(recipe, context.data).net.shapes
    rules: dict[str, Rule] = {
        "unit length": FixedNorms(SGD(), layers, 1.0),
        "heavy ball": SGD(momentum=0.9),
        "Adam": Adam(),
        "decay": SGD(decay=5e-4),
    }
    rule = rules.get(kind, SGD())
    if kind == "shuffled":
        context = replace(context, data=shuffled(context))
    runs, before, after = [], [], []
    for rate in RATES:
        at_rate = replace(recipe, rate=float(rate), rule=rule)
        start = protocol.start(at_rate, context)
        if kind.endswith("unit length"):
            start = _of_unit_length(start, layers)
        ended = protocol.trained(at_rate, context, (), start)
        runs.append(ended)
        before.append(_median_square(start, layers))
        after.append(_median_square(ended.state, layers))
    measured = final_loss.results(runs) | {"r_before": np.array(before), "r": np.array(after)}
    measured["loss"] = np.where(
        np.isnan(measured["loss"]), np.log(context.data.classes), measured["loss"]
    )
    return measured


def _median_square(state: State, layers: Sequence[str]) -> float:
    lengths_squared = np.concatenate([squares(rows(state.weights[layer])) for layer in layers])
    return 0.0 if state.diverged else float(np.median(lengths_squared))


def _of_unit_length(start: State, layers: Sequence[str]) -> State:
    own = start.weights
    return replace(start, weights=own | {n: scaled(own[n], 1 / lengths(own[n])) for n in layers})


def shuffled(context: Context) -> Dataset:
    """The training images with their labels permuted."""
    data = context.data
    order = context.rng("labels").permutation(len(data.y_train))
    return replace(data, y_train=data.y_train[order])


def range_of(kind: str, low: float, high: float) -> Measure:
    """The largest final loss divided by the smallest, at rates from ``low`` to ``high``.

    A run that did not train has the loss of a constant answer.
    """

    def measure(arrays: Arrays) -> float:
        chosen = (low / 1.1 < RATES) & (high * 1.1 > RATES)
        constant = np.log(float(arrays["classes"]))
        losses = np.where(arrays[f"{kind}:mark"] > 0, constant, arrays[f"{kind}:loss"])[chosen]
        return float(losses.max() / losses.min())

    return measure


def first_lost(kind: str) -> Measure:
    """The smallest rate at which a run does not train; inf where all runs train."""
    return lambda arrays: float(RATES[arrays[f"{kind}:mark"] > 0].min(initial=np.inf))


def _over_batch_norm(kind: str) -> Measure:
    """The range of ``kind`` over the range of batch norm, at rates from 0.1 to 10^0.5."""

    def measure(arrays: Arrays) -> float:
        return range_of(kind, 0.1, 3.2)(arrays) / range_of("batch norm", 0.1, 3.2)(arrays)

    return measure


INFINITE = "A run that did not train made the range infinite."
FINITE = "Results hold finite numbers. Such a run now has the loss of a constant answer."
#: The null of the last observation begins at unit length too, and its weights then may grow.
OBSERVATIONS = (
    Observation(
        "loss_against_rate.range_over_two_decades",
        says=(
            "The largest final loss of the net with batch norm is at most 2.2 times its smallest "
            "final loss, over two decades of rates."
        ),
        link="log",
        band=(1, 2.2),
        measure=range_of("batch norm", 10**-1.5, 10**0.5),
        null=range_of("none", 10**-1.5, 10**0.5),
        stated="after",
        was=INFINITE,
        why=FINITE,
    ),
    Observation(
        "loss_against_rate.none_is_lost_at",
        says="The smallest rate at which the net without batch norm does not train is at most 1.",
        link="log",
        band=(0, 1),
        measure=first_lost("none"),
        null=first_lost("batch norm"),
    ),
    Observation(
        "loss_against_rate.range_at_unit_length",
        says=(
            "The largest over the smallest final loss at rates from 0.1 to 3.2 is at least 1.2 "
            "times as large with units of length one as with free lengths."
        ),
        link="log",
        band=(1.2, np.inf),
        measure=_over_batch_norm("unit length"),
        null=_over_batch_norm("from unit length"),
        stated="after",
        was=INFINITE,
        why=FINITE,
    ),
)
