"""Covariate shift is put back: each unit is scaled and shifted at random after its batch norm.

The noise is drawn once, or again at each step, so that the next layer's inputs are as uncentred as
can be. The next layer's block stays without outliers. But the lecture's "trained just as
efficiently" does not hold in this net of three hidden layers. With noise redrawn at each step the
net with batch norm is much worse than the net without batch norm. It is no better than the net
without batch norm that has this noise. In a net without batch norm the weights grow, so that the
signal outgrows the noise. Batch norm keeps the signal at variance 1. The milder noise of
santurkar2018 undoes the gain of batch norm (CIFAR-10), or a little more than it (textures).

Shifts of the activations themselves, which the next batch norm follows, change no step at all.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.data import Dataset
from deepnet.experiments.by_epoch import by_epoch
from deepnet.experiments.context import Context
from deepnet.experiments.grosse2021.observed import knockout as observed
from deepnet.experiments.grosse2021.shared import final_loss, protocol
from deepnet.experiments.grosse2021.shared.looks import looks, steps
from deepnet.experiments.grosse2021.shared.noise_kinds import KINDS, LOOKED_AT, recipe
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.shifted_activations import differences
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.nets.modes import Mode
from deepnet.training import State

VERSION = 3
SOURCE = cite("grosse2021", "Two pieces of evidence against the ICS Removal Hypothesis")
OBSERVATIONS = observed.OBSERVATIONS
NORMS: tuple[Literal["active", "none"], ...] = ("active", "none")
NETS = tuple(
    (norm, kind) for norm in NORMS for kind in KINDS if (norm, kind) != ("none", KINDS[-1])
)
MODES: tuple[Mode, ...] = ("active", "detached")


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, and the noise.

    ``shift``: the standard deviation of the shifts.
    ``scales``: the bounds of the scales.
    ``epochs_seen``: the epochs after which the net is measured at ``rate_seen``, on ``examples``
    images.
    ``draws``: the number of draws of noise in the final loss with redrawn noise.
    ``epochs_after``: the number of epochs with shifts after the activation.
    """
    return protocol.configuration(scale) | {
        "rates": scale.pick([0.1, 0.3], [0.03, 0.1, 0.3], [0.03, 0.1, 0.3]),
        "epochs": scale.pick(10, 10, 10),
        "shift": scale.pick(0.5, 2.0, 2.0),
        "scales": [0.5, 2.0],
        "epochs_seen": scale.pick([0, 10], [0, 2, 10], [0, 2, 10]),
        "rate_seen": 0.1,
        "examples": scale.pick(8, 200, 200),
        "leading": scale.pick(6, 20, 20),
        "draws": scale.pick(2, 10, 10),
        "epochs_after": scale.pick(2, 4, 4),
    }


def run(context: Context) -> Arrays:
    """The losses of each net, such as "active:redrawn", and what ``looks`` returns.

    "rates" (rates,): the rates.
    "<net>:loss" and "<net>:mark" (rates,): see ``final_loss.results``.
    "<net>:losses" (rates, epochs): the mean losses on the batches, with the noise of the training.
    "<net>:mean" and so on: what ``looks`` returns, at ``rate_seen``.
    "active:after:difference", "none:after:difference": see ``differences``.
    """
    context = prepared(context)
    arrays: Arrays = {"rates": np.array(context.config["rates"])}
    for norm, kind in NETS:
        compute = partial(_trained, norm, kind, context)
        measured = context.stage(f"{norm}-{kind}", compute)
        arrays |= {f"{norm}:{kind}:{name}": array for name, array in measured.items()}
    for norm in NORMS:
        compute = partial(_shifted_after, norm, context)
        measured = context.stage(f"{norm}-after", compute)
        arrays |= {f"{norm}:after:{name}": array for name, array in measured.items()}
    return arrays


def _trained(norm: Mode, kind: str, context: Context) -> Arrays:
    config = context.config
    runs, curves, seen = [], [], {}
    for rate in config["rates"]:
        this = recipe(norm, kind, config, rate)
        plan = protocol.plan(this, context)
        states = [plan.start, *plan.states(context.data)]
        runs.append(_ended(this, context.data, states[-1], config["draws"]))
        losses = by_epoch(states[-1], "loss")
        missing = np.full(config["epochs"] - len(losses), np.nan)
        curves.append(np.concatenate([losses, missing]))
        if rate == config["rate_seen"]:
            outliers = MODES if norm == "active" and kind in LOOKED_AT else ()
            seen = looks(this, states, context, outliers)
    return final_loss.results(runs) | {"losses": np.array(curves)} | seen


def _ended(this: protocol.Recipe, data: Dataset, state: State, draws: int) -> Trained:
    """The net after training, with its final loss.

    With redrawn noise the loss is a mean over ``draws`` of noise that the training has not had.
    """
    problem = protocol.problem(this, data)
    if this.noise is None or not this.noise.redrawn or state.diverged:
        return final_loss.ended(problem, state, data)
    first = steps(this, data, this.epochs)
    later = (problem.at(first + i) for i in range(draws))
    losses = [final_loss.final_loss(each, state.weights, data) for each in later]
    return final_loss.judged(problem, state, float(np.mean(losses)), data.classes)


def _shifted_after(norm: Mode, context: Context) -> Arrays:
    config = context.config
    plain = recipe(norm, "plain", config, config["rate_seen"])
    followed = replace(plain, dtype="float64", epochs=config["epochs_after"])
    return differences(followed, config["shift"], context)


def curves(arrays: Arrays) -> Iterator[tuple[str, str, float, np.ndarray]]:
    """The losses by epoch of each net, at the rate of its lowest final loss.

    An entry is (norm, kind, rate, losses).
    """
    for norm, kind in NETS:
        which = f"{norm}:{kind}"
        ranks = np.where(arrays[f"{which}:mark"] == 0, arrays[f"{which}:loss"], np.inf)
        index = int(np.argmin(ranks))
        yield norm, kind, float(arrays["rates"][index]), arrays[f"{which}:losses"][index]
