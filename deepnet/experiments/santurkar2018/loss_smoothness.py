"""Batch norm takes away the largest changes of loss and gradient, the spikes. It does not make the
effective beta smaller in general. Loss variation, gradient predictiveness and effective beta are
measured along the trainings of VGG: without batch norm, with it, and with the norms of other
powers. The steps are half to four times the rate long. They go along the gradient and, with
equal length, along random directions.

The largest change over steps of half the rate and more is bounded by the steps, not by the net. If
the gradient vanishes at the end of the step, the effective beta is one divided by the step. Within
a fifth of this ceiling it is flagged as saturated. So beta is given for steps of a hundredth of the
rate too, where it tends to |Hg|/|g|. A net learns at its own speed, so medians are also taken at
equal training losses.

The source says that batch norm's effective beta is the smaller one. The source's measure shows this
while the measure is saturated, at 0.4 to 0.9 of the steps. Over small steps, and along random
directions, batch norm's beta is the larger one. Beta follows the rate: at a tenth of the rate, beta
is almost ten times as large. The medians of loss variation and of the gradient's change go either
way.
"""

from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.reasons import FAR_OUTSIDE
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.readings import (
    Reading,
    beta_at,
    effective_beta,
    predictiveness,
    spikes,
    variation,
)
from deepnet.experiments.santurkar2018.shared.records import PAIR, recorded
from deepnet.experiments.santurkar2018.shared.shifts_and_slopes import (
    MULTIPLES,
    compared,
    course,
    largest,
    median,
    slopes,
)
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("santurkar2018", "section 3.1", "figures 4, 11, 12")
NETS: tuple[protocol.Name, ...] = (*PAIR, "l1", "l2", "linf")
HALF = MULTIPLES.index(0.5)


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol."""
    return protocol.configuration(scale)


def run(context: Context) -> Arrays:
    """Train the nets, and return ``course`` and ``slopes`` for each "<net>:<name of the rate>".

    The slopes along random directions are named "<net>:rate:random<i>:<quantity>".
    """
    arrays: Arrays = {name: np.array(context.config[name]) for name in ("rate", "small_rate")}
    arrays |= {"multiples": np.array(MULTIPLES), "classes": np.array(context.data.classes)}
    for name, rate in (
        *((name, "rate") for name in NETS),
        *((name, "small_rate") for name in PAIR),
    ):
        arrays |= _recorded(name, rate, context)
    return arrays


def _recorded(name: protocol.Name, rate: str, context: Context) -> Arrays:
    label, net = f"{name}:{rate}", recorded(name, context.config[rate], context)
    records = net.state.records
    smoothness = slopes(records)
    if name in PAIR and rate == "rate":
        for i in range(context.config["directions"]):
            random = slopes(records, along=f"random{i}:")
            smoothness |= {f"random{i}:{quantity}": array for quantity, array in random.items()}
    named = {f"{label}:{quantity}": array for quantity, array in smoothness.items()}
    return course(label, net, context) | named


def _saturated(label: str) -> Measure:
    """The share of the compared steps whose effective beta is at its ceiling."""

    def measure(arrays: Arrays) -> float:
        steps = compared(arrays, label)
        return float(arrays[f"{label}:saturated"][steps].mean()) if steps.size else float("nan")

    return measure


L1 = "l1:rate"
#: - If batch norm is said to be the cause, the null has the net with the L1 norm in its place.
#: - If the L1 norm is said to be like batch norm, the null has the net without any norm in its
#:   place. The effective beta is an exception. It is near its ceiling without a norm too, so that
#:   all nets of one rate are alike. Its null is batch norm at a tenth of the rate.
#: - If beta is said to follow the rate, the null compares none with batch norm at one rate.
#: Spikes are measured by the maximum over the median. A net whose gradient changes much at most
#: steps has none by this measure, though its largest change is many times batch norm's. So the
#: largest change is reported too.
OBSERVATIONS = (
    Observation(
        "loss_smoothness.spikes_of_none_over_batch_norm",
        says="The largest change of the gradient, divided by its median change, is at least 2 "
        "times as large without batch norm as with batch norm.",
        link="log",
        band=(2, np.inf),
        measure=Reading(spikes, predictiveness),
        null=Reading(spikes, predictiveness, above=L1),
    ),
    Observation(
        "loss_smoothness.largest_variation_of_none_over_batch_norm",
        says="The largest loss variation of the training is at least 1.3 times as large without "
        "batch norm as with batch norm.",
        link="log",
        band=(1.3, np.inf),
        measure=Reading(largest, variation),
        null=Reading(largest, variation, above=L1),
    ),
    Observation(
        "loss_smoothness.beta_follows_the_rate",
        says="The median beta over a step of half the rate is at least 4 times as large at the "
        "small rate as at the main rate, with batch norm.",
        link="log",
        band=(4, np.inf),
        measure=Reading(median, beta_at(HALF), above="active:small_rate"),
        null=Reading(median, beta_at(HALF)),
        stated="after",
        was="The null was beta at even steps over beta at odd steps of one training.",
        why=FAR_OUTSIDE,
    ),
    Observation(
        "loss_smoothness.beta_of_l1_over_batch_norm",
        says="The median effective beta is 0.7 to 1.4 times as large with the L1 norm as with "
        "batch norm.",
        link="log",
        band=(0.7, 1.4),
        measure=Reading(median, effective_beta, above=L1),
        null=Reading(median, effective_beta, above="active:small_rate"),
        stated="after",
        was="The null is the net without a norm over batch norm.",
        why="Nets of one rate are alike in the effective beta, with any norm and with none.",
    ),
    Observation(
        "loss_smoothness.largest_predictiveness_of_l1_over_batch_norm",
        says="The largest change of the gradient is 0.7 to 1.4 times as large with the L1 norm as "
        "with batch norm.",
        link="log",
        band=(0.7, 1.4),
        measure=Reading(largest, predictiveness, above=L1),
        null=Reading(largest, predictiveness),
    ),
    Observation(
        "loss_smoothness.largest_predictiveness_of_none_over_batch_norm",
        says="The largest change of the gradient without batch norm divided by the largest change "
        "with batch norm.",
        link="log",
        band=None,
        measure=Reading(largest, predictiveness),
    ),
    *(
        Observation(
            f"loss_smoothness.{name}_of_none_over_batch_norm{where}",
            says=f"The median {says} without batch norm divided by the median with batch norm"
            f"{told}.",
            link="log",
            band=None,
            measure=reading,
        )
        for name, values, says in (
            ("variation", variation, "loss variation"),
            ("predictiveness", predictiveness, "change of the gradient"),
            ("beta", effective_beta, "effective beta"),
            ("beta_of_small_steps", beta_at(0), "beta over a step of a hundredth of the rate"),
        )
        for where, told, reading in (
            ("", "", Reading(median, values)),
            (
                "_at_equal_loss",
                ", at steps of equal training loss",
                Reading(median, values, equal_loss=True),
            ),
            (
                "_along_a_random_direction",
                ", along a random direction",
                Reading(median, values, along="random0"),
            ),
        )
    ),
    Observation(
        "loss_smoothness.saturated_with_batch_norm",
        says="The share of the compared steps at which the effective beta with batch norm is at "
        "its ceiling.",
        band=None,
        measure=_saturated("active:rate"),
    ),
    Observation(
        "loss_smoothness.saturated_without",
        says="The share of the compared steps at which the effective beta without batch norm is at "
        "its ceiling.",
        band=None,
        measure=_saturated("none:rate"),
    ),
)
