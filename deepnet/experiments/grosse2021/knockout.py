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

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.data import Dataset
from deepnet.experiments.by_epoch import by_epoch
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared import final_loss, protocol
from deepnet.experiments.grosse2021.shared.looks import looks, means_over_deviations, steps
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.shifted_activations import differences
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.nets.modes import Mode
from deepnet.nets.noise import Gaussian, Noise, Uniform
from deepnet.training import State
from theory import normalisation

VERSION = 3
SOURCE = cite("grosse2021", "Two pieces of evidence against the ICS Removal Hypothesis")
NORMS: tuple[Literal["active", "none"], ...] = ("active", "none")
#: The kinds of noise. "plain" has none. "fixed" has one shift and scale per unit, and "redrawn" has
#: new ones at each step. "milder" is the noise of santurkar2018. "learnable" is redrawn noise after
#: a batch norm that learns a scale and a shift.
KINDS = ("plain", "fixed", "redrawn", "milder", "learnable")
NETS = tuple(
    (norm, kind) for norm in NORMS for kind in KINDS if (norm, kind) != ("none", KINDS[-1])
)
#: The kinds for which the second layer's block is measured.
LOOKED_AT = KINDS[:3]
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


def recipe(norm: Mode, kind: str, config: Mapping[str, Any], rate: float) -> protocol.Recipe:
    """The net with this kind of noise after each batch norm.

    In a net without batch norm the noise stands where batch norm would stand.
    """
    noise = Noise(
        shift=Gaussian(0, config["shift"]),
        scale=Uniform(*config["scales"]),
        shift_spread=0.0,
        scale_spread=0.0,
        by_position=False,
        redrawn=kind != "fixed",
    )
    wanted = {"plain": None, "milder": Noise()}.get(kind, noise)
    return protocol.dense(
        config,
        norm=norm,
        noise=wanted,
        affine=kind == "learnable",
        rate=rate,
        epochs=config["epochs"],
    )


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


def best(arrays: Arrays, which: str) -> float:
    """The lowest final loss over the rates; nan where the net trains at none."""
    return final_loss.best(arrays[f"{which}:loss"].tolist(), arrays[f"{which}:mark"].tolist())


def _above(which: str, other: str) -> Measure:
    """The best loss of ``which`` minus the best loss of ``other``."""
    return lambda arrays: best(arrays, which) - best(arrays, other)


def _most_outliers(mode: str) -> Measure:
    """The largest number of outliers over the epochs, with fixed and with redrawn noise."""

    def measure(arrays: Arrays) -> float:
        both = [arrays[f"active:{kind}:outliers {mode}"] for kind in LOOKED_AT[1:]]
        return float(np.max(both))

    return measure


def _largest_difference(norm: str) -> Measure:
    """The largest change of a step's loss by a shift of the activations."""
    return lambda arrays: float(arrays[f"{norm}:after:difference"].max())


def drift(which: str) -> Measure:
    """The last hidden layer's quotient of mean and deviation, at the end over at the start.

    Below 1 the signal has outgrown the shifts.
    """

    def measure(arrays: Arrays) -> float:
        ratios = means_over_deviations(arrays, which)
        return float(ratios[-1, -1] / ratios[0, -1])

    return measure


#: All bands but the first were stated before the runs. The first was stated differently: after the
#: source, that batch norm with redrawn noise is no worse than no batch norm, to a tenth. It is
#: worse by much more, on textures and on CIFAR-10 images (see the module's docstring). The tenth
#: therefore now bounds the difference from below. The gap with the noise of santurkar2018 itself is
#: reported.
OBSERVATIONS = (
    Observation(
        "knockout.redrawn_is_worse_than_none",
        says=(
            "The best final loss of the net with batch norm and redrawn noise is at least 0.1 "
            "above the best final loss of the net without batch norm and noise."
        ),
        band=(0.1, np.inf),
        measure=_above("active:redrawn", "none:plain"),
        null=_above("active:plain", "none:plain"),
        stated="after",
        was="Redrawn is no worse than none: the difference lies in (-inf, 0.1).",
        why="Redrawn is worse by more than 0.1, on textures and on CIFAR-10.",
    ),
    Observation(
        "knockout.no_outliers_with_active_statistics",
        says=(
            "No leading eigenvector of the second layer's block lies mostly along the inputs' "
            "mean, with active batch norm and with fixed or redrawn noise."
        ),
        band=(-0.5, 0.5),
        measure=_most_outliers("active"),
        null=_most_outliers("detached"),
        about=(normalisation.weight_gradient,),
    ),
    Observation(
        "knockout.a_shift_of_activations_changes_no_step",
        says=(
            "A shift of the hidden activations changes the loss of no step of the net with batch "
            "norm by more than 1e-6."
        ),
        exact=True,
        band=(0, 1e-6),
        measure=_largest_difference("active"),
        null=_largest_difference("none"),
        about=(normalisation.input_invariance,),
    ),
    Observation(
        "knockout.gap_of_redrawn",
        says=(
            "The best final loss of the net with batch norm and redrawn noise minus the best final "
            "loss of this net without noise."
        ),
        band=None,
        measure=_above("active:redrawn", "active:plain"),
    ),
    Observation(
        "knockout.gap_of_fixed",
        says=(
            "The best final loss of the net with batch norm and fixed noise minus the best final "
            "loss of this net without noise."
        ),
        band=None,
        measure=_above("active:fixed", "active:plain"),
    ),
    Observation(
        "knockout.gap_of_milder",
        says=(
            "The best final loss of the net with batch norm and the milder noise minus the best "
            "final loss of this net without noise."
        ),
        band=None,
        measure=_above("active:milder", "active:plain"),
    ),
    Observation(
        "knockout.milder_less_none",
        says=(
            "The best final loss of the net with batch norm and the milder noise minus the best "
            "final loss of the net without batch norm and noise."
        ),
        band=None,
        measure=_above("active:milder", "none:plain"),
    ),
    Observation(
        "knockout.gap_without_batch_norm",
        says=(
            "The best final loss of the net without batch norm minus the best final loss of the "
            "net with batch norm, both without noise."
        ),
        band=None,
        measure=_above("none:plain", "active:plain"),
    ),
    Observation(
        "knockout.redrawn_less_none",
        says=(
            "The best final loss of the net with batch norm minus the best final loss of the net "
            "without batch norm, both with redrawn noise."
        ),
        band=None,
        measure=_above("active:redrawn", "none:redrawn"),
    ),
    Observation(
        "knockout.learnable_less_redrawn",
        says=(
            "The best final loss of batch norm with a learnable scale and shift minus the best "
            "final loss of plain batch norm, both with redrawn noise."
        ),
        band=None,
        measure=_above("active:learnable", "active:redrawn"),
    ),
    Observation(
        "knockout.shift_grows_with_batch_norm",
        says=(
            "The factor by which training multiplies the quotient of mean and deviation in the "
            "last hidden layer, with batch norm and redrawn noise."
        ),
        link="log",
        band=None,
        measure=drift("active:redrawn"),
    ),
    Observation(
        "knockout.shift_grows_without",
        says=(
            "The factor by which training multiplies the quotient of mean and deviation in the "
            "last hidden layer, without batch norm, with redrawn noise."
        ),
        link="log",
        band=None,
        measure=drift("none:redrawn"),
    ),
)


def curves(arrays: Arrays) -> Iterator[tuple[str, str, float, np.ndarray]]:
    """The losses by epoch of each net, at the rate of its lowest final loss.

    An entry is (norm, kind, rate, losses).
    """
    for norm, kind in NETS:
        which = f"{norm}:{kind}"
        ranks = np.where(arrays[f"{which}:mark"] == 0, arrays[f"{which}:loss"], np.inf)
        index = int(np.argmin(ranks))
        yield norm, kind, float(arrays["rates"][index]), arrays[f"{which}:losses"][index]
