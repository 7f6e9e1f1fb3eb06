"""As the source says, batch norm does not take internal covariate shift away. The shift of every
layer of VGG is measured by definition 2.1, with batch norm and without it, at two rates. It says
how far the update of the layers below turns and stretches a layer's gradient. The first layer has
no layer below it, and exactly no shift. All medians leave out the steps on the plateau of the
start. The outputs do not depend on the inputs there, and there is nothing to shift.

Over whole trainings the shift with batch norm is 0.7 to 2.4 times as large, depending on seed and
images. At equal training losses it is two to six times as large. Without batch norm the shift grows
along a training by itself, 2.3 to 2.5 times from its first to its last part on textures. The shift
is recorded at every ``every``-th step.
"""

from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.reasons import NEVER_WITH_MEASURE
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.records import PAIR, recorded
from deepnet.experiments.santurkar2018.shared.shifts_and_slopes import (
    at_equal_loss,
    compared,
    course,
    layers_of,
    median,
    shifts,
)
from deepnet.experiments.store import Arrays
from theory import smoothness

VERSION = 2
SOURCE = cite("santurkar2018", "definition 2.1", "figure 3, VGG")
RATES = ("rate", "small_rate")


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol, and ``shown``: the layer that the figure shows step by step.

    It is the source's upper layer.
    """
    return protocol.configuration(scale) | {"shown": 10}


def run(context: Context) -> Arrays:
    """Train the nets at both rates, and return ``course`` and ``shifts`` of each training.

    Their label is "<net>:<name of the rate>".
    """
    arrays: Arrays = {name: np.array(context.config[name]) for name in (*RATES, "shown")}
    for name in PAIR:
        for rate in RATES:
            net, label = recorded(name, context.config[rate], context), f"{name}:{rate}"
            shift = shifts(net.state.records, layers_of(net.problem.net))
            arrays |= course(label, net, context)
            arrays |= {f"{label}:{quantity}": array for quantity, array in shift.items()}
    return arrays


def typical(arrays: Arrays, label: str, quantity: str, steps: np.ndarray | None = None) -> float:
    """The median over ``steps`` (all compared steps if None) and all layers but the first."""
    chosen = compared(arrays, label) if steps is None else steps
    return median(arrays[f"{label}:{quantity}"][chosen, 1:])


def _ratio(above: str, below: str, quantity: str = "shift") -> Measure:
    return lambda arrays: typical(arrays, above, quantity) / typical(arrays, below, quantity)


def _difference(above: str, below: str, quantity: str = "cosine") -> Measure:
    return lambda arrays: typical(arrays, above, quantity) - typical(arrays, below, quantity)


def _at_equal_loss(quantity: str) -> Measure:
    """The typical ``quantity`` with batch norm divided by the typical one without, at equal losses.

    For each compared step of none, the step with batch norm of the closest training loss is taken.
    """

    def measure(arrays: Arrays) -> float:
        steps = at_equal_loss(arrays, "active:rate", "none:rate")
        return typical(arrays, "active:rate", quantity, steps) / typical(
            arrays, "none:rate", quantity
        )

    return measure


def _largest_of_layer(index: int) -> Measure:
    """The largest shift of the layer ``index`` at any recorded step of any net."""
    labels = [f"{name}:{rate}" for name in PAIR for rate in RATES]
    return lambda arrays: max(float(arrays[f"{label}:shift"][:, index].max()) for label in labels)


def _late_over_early(label: str) -> Measure:
    """The typical shift in the second half of the compared steps divided by the first half's."""

    def measure(arrays: Arrays) -> float:
        steps = compared(arrays, label)
        half = len(steps) // 2
        late, early = (
            typical(arrays, label, "shift", part) for part in (steps[half:], steps[:half])
        )
        return late / early

    return measure


ACTIVE, NONE = "active:rate", "none:rate"
#: For the layer without layers below, the null is a layer that has some. For the ratio, the null is
#: the net without batch norm late in training compared with the same net early. The net with batch
#: norm learns faster. Where the shift grows along a training, this alone makes the ratio exceed 1.
OBSERVATIONS = (
    Observation(
        "internal_covariate_shift.of_the_first_layer",
        says="The internal covariate shift of the first layer is 0 at all recorded steps, with "
        "batch norm and without batch norm, at both rates.",
        exact=True,
        band=(0, 0),
        measure=_largest_of_layer(0),
        null=_largest_of_layer(1),
        about=(smoothness.covariate_shift,),
    ),
    Observation(
        "internal_covariate_shift.batch_norm_over_none",
        says="The median internal covariate shift is at least as large with batch norm as without "
        "batch norm.",
        link="log",
        band=(1, np.inf),
        measure=_ratio(ACTIVE, NONE),
        null=_late_over_early(NONE),
        stated="after",
        was="The null was the inverse quotient.",
        why=NEVER_WITH_MEASURE,
    ),
    Observation(
        "internal_covariate_shift.relative_to_the_gradient",
        says="The median covariate shift, divided by the gradient's length, with batch norm "
        "divided by the median without batch norm.",
        link="log",
        band=None,
        measure=_ratio(ACTIVE, NONE, "relative"),
    ),
    Observation(
        "internal_covariate_shift.cosine_less_that_of_none",
        says="The median cosine of a layer's gradients before and after the layers below move, "
        "with batch norm, minus the median without batch norm.",
        band=None,
        measure=_difference(ACTIVE, NONE),
    ),
    Observation(
        "internal_covariate_shift.at_equal_loss",
        says="The median covariate shift with batch norm divided by the median without batch norm, "
        "at steps of equal training loss.",
        link="log",
        band=None,
        measure=_at_equal_loss("shift"),
    ),
    Observation(
        "internal_covariate_shift.relative_at_equal_loss",
        says="The median covariate shift, divided by the gradient's length, with batch norm "
        "divided by the median without batch norm, at steps of equal training loss.",
        link="log",
        band=None,
        measure=_at_equal_loss("relative"),
    ),
    Observation(
        "internal_covariate_shift.at_a_tenth_of_the_rate",
        says="The median covariate shift, divided by the gradient's length, with batch norm at the "
        "small rate divided by the median with batch norm at the main rate.",
        link="log",
        band=None,
        measure=_ratio("active:small_rate", ACTIVE, "relative"),
    ),
)
