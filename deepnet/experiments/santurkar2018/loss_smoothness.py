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

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.records import PAIR, recorded
from deepnet.experiments.santurkar2018.shared.shifts_and_slopes import (
    BAND,
    MULTIPLES,
    at_equal_loss,
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
OVER_BAND = slice(MULTIPLES.index(BAND[0]), None)


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


# ----- What is read off -----


def variation(arrays: Arrays, label: str) -> np.ndarray:
    """The range of the losses over the steps of the band, (recorded steps,)."""
    return arrays[f"{label}:variation"]


def predictiveness(arrays: Arrays, label: str) -> np.ndarray:
    """The largest change of the gradient over the steps of the band, (recorded steps,)."""
    return arrays[f"{label}:predictiveness"][:, OVER_BAND].max(1)


def effective_beta(arrays: Arrays, label: str) -> np.ndarray:
    """The largest effective beta over the steps of the band, (recorded steps,)."""
    return arrays[f"{label}:largest_beta"]


def beta_at(index: int) -> Callable[[Arrays, str], np.ndarray]:
    """The change of the gradient over the step MULTIPLES[``index``], divided by the step."""

    def beta(arrays: Arrays, label: str) -> np.ndarray:
        return arrays[f"{label}:beta"][:, index]

    return beta


Values = Callable[[Arrays, str], np.ndarray]
Summary = Callable[[np.ndarray], float]


@dataclass(frozen=True)
class Reading:
    """``summary`` of ``values`` for ``above`` divided by ``summary`` of ``values`` for ``below``.

    - ``above`` and ``below`` are "<net>:<name of the rate>". The values are taken at the compared
      steps.
    - ``equal_loss`` takes the steps of ``below`` with the training losses of ``above`` instead.
    - ``along`` is "random<i>" for a random direction, "" for the gradient.
    """

    summary: Summary
    values: Values
    above: str = "none:rate"
    below: str = "active:rate"
    equal_loss: bool = False
    along: str = ""

    def __call__(self, arrays: Arrays) -> float:
        steps = compared(arrays, self.below)
        if self.equal_loss:
            steps = at_equal_loss(arrays, self.below, self.above)
        above = self._summary(arrays, self.above, compared(arrays, self.above))
        return above / self._summary(arrays, self.below, steps)

    def _summary(self, arrays: Arrays, label: str, steps: np.ndarray) -> float:
        name = f"{label}:{self.along}" if self.along else label
        return self.summary(self.values(arrays, name)[steps])


def spikes(values: np.ndarray) -> float:
    """The maximum divided by the median."""
    return largest(values) / median(values)


def _of_halves(arrays: Arrays) -> float:
    """Null: batch norm's median beta over the even steps divided by its median over the odd steps.

    The beta is taken over a step of half the rate.
    """
    betas = beta_at(HALF)(arrays, "active:rate")[compared(arrays, "active:rate")]
    return median(betas[::2]) / median(betas[1::2])


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
#: - If beta is said to follow the rate, the null compares beta with itself at one rate.
#: Spikes are measured by the maximum over the median. A net whose gradient changes much at most
#: steps has none by this measure, though its largest change is many times batch norm's. So the
#: largest change is reported too.
OBSERVATIONS = (
    Observation(
        "loss_smoothness.spikes_of_none_over_batch_norm",
        band=(2, np.inf),
        measure=Reading(spikes, predictiveness),
        null=Reading(spikes, predictiveness, above=L1),
    ),
    Observation(
        "loss_smoothness.largest_variation_of_none_over_batch_norm",
        band=(1.3, np.inf),
        measure=Reading(largest, variation),
        null=Reading(largest, variation, above=L1),
    ),
    Observation(
        "loss_smoothness.beta_follows_the_rate",
        band=(4, np.inf),
        measure=Reading(median, beta_at(HALF), above="active:small_rate"),
        null=_of_halves,
    ),
    Observation(
        "loss_smoothness.beta_of_l1_over_batch_norm",
        band=(0.7, 1.4),
        measure=Reading(median, effective_beta, above=L1),
        null=Reading(median, effective_beta, above="active:small_rate"),
        stated="after",
        was="The null is the net without a norm over batch norm.",
        why="Nets of one rate are alike in the effective beta, with any norm and with none.",
    ),
    Observation(
        "loss_smoothness.largest_predictiveness_of_l1_over_batch_norm",
        band=(0.7, 1.4),
        measure=Reading(largest, predictiveness, above=L1),
        null=Reading(largest, predictiveness),
    ),
    Observation(
        "loss_smoothness.largest_predictiveness_of_none_over_batch_norm",
        None,
        Reading(largest, predictiveness),
    ),
    *(
        Observation(f"loss_smoothness.{name}_of_none_over_batch_norm{where}", None, reading)
        for name, values in (
            ("variation", variation),
            ("predictiveness", predictiveness),
            ("beta", effective_beta),
            ("beta_of_small_steps", beta_at(0)),
        )
        for where, reading in (
            ("", Reading(median, values)),
            ("_at_equal_loss", Reading(median, values, equal_loss=True)),
            ("_along_a_random_direction", Reading(median, values, along="random0")),
        )
    ),
    Observation("loss_smoothness.saturated_with_batch_norm", None, _saturated("active:rate")),
    Observation("loss_smoothness.saturated_without", None, _saturated("none:rate")),
)
