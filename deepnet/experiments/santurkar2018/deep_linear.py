"""Where the deep linear net without batch norm descends smoothly, batch norm makes its internal
covariate shift larger. The net has 25 layers of 10 units without activation functions, and learns a
random matrix. It is trained without batch norm, with it, and with norms of power 1, 2 and infinity.
The shift by definition 2.1 is measured layer by layer. Loss variation, gradient predictiveness and
effective beta are measured over steps of 0.01 to 30 times the rate, along the gradient and along
random directions.

At the smaller rate the net without batch norm descends smoothly. Batch norm's shift is 11 to 106
times as large there, over five runs. In at least two of them the gradients with batch norm reverse
their direction. With batch norm, beta is 2 divided by the rate, the edge of stability, at both
rates. So the flat line of the source's figure is a property of the rate. At the larger rate the net
without batch norm comes to the edge of stability too, and its loss jumps.

The loss is half the sum over examples and outputs of squared errors. The source names neither the
half nor the sum, but its curves start at this value. Every step is on all examples.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.reasons import FAR_OUTSIDE
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.linear_descent import BAND, descent
from deepnet.experiments.store import Arrays
from theory import stability

VERSION = 2
SOURCE = cite("santurkar2018", "Fig. 3, Fig. 10: the deep linear network")
NETS: tuple[protocol.Name, ...] = ("none", "active", "l1", "l2", "linf")
PAIR: tuple[protocol.Name, ...] = ("none", "active")
RATES = ("rate", "small_rate")


def configuration(scale: Scale) -> dict[str, Any]:
    """The source's net, rates and ``examples``, and at ``full`` its number of steps.

    ``steps_of_norms`` is the number of steps with the norms of other powers. ``shown`` is the upper
    one of the two layers that the source shows. ``every`` is the odd distance of the recorded
    steps. At the edge of stability, even and odd steps lie on two sides of the valley, which curve
    unequally.
    """
    return {
        "train": 20,
        "test": 10,
        "depth": scale.pick(5, 25, 25),
        "units": 10,
        "examples": scale.pick(50, 1000, 1000),
        "steps": scale.pick(20, 1000, 10_000),
        "steps_of_norms": scale.pick(20, 250, 10_000),
        "every": scale.pick(5, 51, 101),
        "rate": 1e-6,
        "small_rate": 1e-7,
        "directions": scale.pick(1, 3, 3),
        "shown": scale.pick(4, 17, 17),
    }


def run(context: Context) -> Arrays:
    """Run ``descent`` for none and active at both rates, and with the norms at the first rate.

    The arrays are named "<net>:<name of the rate>:<quantity>".
    """
    config = context.config
    nets = [(name, "rate") for name in NETS]
    nets += [(name, "small_rate") for name in PAIR]
    arrays: Arrays = {
        "step": np.arange(0, config["steps"], config["every"]),
        "band": np.array(BAND),
        **{name: np.array(config[name]) for name in ("shown", *RATES)},
    }
    for name, which in nets:
        own = context if name in PAIR else context.changed(steps=config["steps_of_norms"])
        compute = partial(descent, name, config[which], own)
        measured = context.stage(f"{name}-{which}", compute)
        arrays |= {f"{name}:{which}:{quantity}": array for quantity, array in measured.items()}
    return arrays


def _final_loss_over_none(arrays: Arrays) -> float:
    """The final loss with batch norm divided by the final loss without, at the first rate."""
    return float(arrays["active:rate:loss"][-1] / arrays["none:rate:loss"][-1])


def _final_loss_over_half_way(arrays: Arrays) -> float:
    """Null: none's final loss divided by its loss after half of the steps, at the first rate."""
    loss = arrays["none:rate:loss"]
    return float(loss[-1] / loss[len(loss) // 2])


def _cosine(name: str, summary: Callable[[Any], Any]) -> Measure:
    """``summary`` of the cosine between the shown layer's gradients of ``of_covariate_shift``."""

    def measure(arrays: Arrays) -> float:
        return float(summary(arrays[f"{name}:small_rate:cosine"][:, int(arrays["shown"]) - 1]))

    return measure


def _median(arrays: Arrays, name: str, quantity: str) -> float:
    """The median over all recorded steps and all layers but the first, which has no shift."""
    return float(np.median(arrays[f"{name}:small_rate:{quantity}"][:, 1:]))


def _over_none(quantity: str) -> Measure:
    return lambda arrays: _median(arrays, "active", quantity) / _median(arrays, "none", quantity)


def _late_over_early(arrays: Arrays) -> float:
    """Null: none's relative shift in the second half of the records divided by the first half's."""
    shift = arrays["none:small_rate:relative"][:, 1:]
    half = len(shift) // 2
    return float(np.median(shift[half:]) / np.median(shift[:half]))


def _largest_beta(which: str) -> Measure:
    """The largest effective beta without batch norm divided by the largest with it."""

    def measure(arrays: Arrays) -> float:
        largest = [arrays[f"{name}:{which}:largest_beta"].max() for name in PAIR]
        return float(largest[0] / largest[1])

    return measure


def _beta_times_rate(trained_at: str, times: str) -> Measure:
    """The rate ``times`` multiplied by batch norm's median beta over the smallest step.

    The median is over the second half of the training at the rate ``trained_at``.
    """

    def measure(arrays: Arrays) -> float:
        beta = arrays[f"active:{trained_at}:beta"][:, 0]
        return float(np.median(beta[len(beta) // 2 :]) * arrays[times])

    return measure


#: The nulls, in order: the net without batch norm compared with itself half-way, the other net's
#: cosine, late steps without batch norm compared with early ones, and the product with the other
#: rate.
OBSERVATIONS = (
    Observation(
        "deep_linear.final_loss_over_none",
        says="The final loss at the larger rate is at most 0.8 times as large with batch norm as "
        "without batch norm.",
        link="log",
        band=(0, 0.8),
        measure=_final_loss_over_none,
        null=_final_loss_over_half_way,
        stated="after",
        was="The null was the quotient of the losses before the first step.",
        why=FAR_OUTSIDE,
    ),
    Observation(
        "deep_linear.cosine_without_batch_norm",
        says="The least cosine of an upper layer's gradients before and after the layers below "
        "move is at least 0.9 without batch norm, at the smaller rate.",
        bounds=(-1, 1),
        band=(0.9, 1),
        measure=_cosine("none", np.min),
        null=_cosine("active", np.median),
    ),
    Observation(
        "deep_linear.cosine_with_batch_norm",
        says="The median cosine of an upper layer's gradients before and after the layers below "
        "move is at most 0.5 with batch norm, at the smaller rate.",
        bounds=(-1, 1),
        band=(-1, 0.5),
        measure=_cosine("active", np.median),
        null=_cosine("none", np.median),
    ),
    Observation(
        "deep_linear.relative_shift_over_none",
        says="The median covariate shift, divided by the gradient's length, is at least 10 times "
        "as large with batch norm as without batch norm, at the smaller rate.",
        link="log",
        band=(10, np.inf),
        measure=_over_none("relative"),
        null=_late_over_early,
        stated="after",
        was="The null was the shift of even layers over that of odd ones, without batch norm.",
        why=FAR_OUTSIDE,
    ),
    Observation(
        "deep_linear.shift_over_none",
        says="The median covariate shift with batch norm divided by the median without batch norm, "
        "at the smaller rate.",
        link="log",
        band=None,
        measure=_over_none("shift"),
    ),
    Observation(
        "deep_linear.beta_times_rate",
        says="The median beta over the smallest step, times the larger rate, is 1.7 to 2.3 in the "
        "second half of the training with batch norm at the larger rate.",
        link="log",
        band=(1.7, 2.3),
        measure=_beta_times_rate("rate", "rate"),
        null=_beta_times_rate("small_rate", "rate"),
        about=(stability.edge_of_stability,),
    ),
    Observation(
        "deep_linear.beta_times_small_rate",
        says="The median beta over the smallest step, times the smaller rate, is 1.7 to 2.3 in the "
        "second half of the training with batch norm at the smaller rate.",
        link="log",
        band=(1.7, 2.3),
        measure=_beta_times_rate("small_rate", "small_rate"),
        null=_beta_times_rate("rate", "small_rate"),
        about=(stability.edge_of_stability,),
    ),
    Observation(
        "deep_linear.largest_beta_of_none_over_batch_norm",
        says="The largest effective beta without batch norm divided by the largest effective beta "
        "with batch norm, at the larger rate.",
        link="log",
        band=None,
        measure=_largest_beta("rate"),
    ),
    Observation(
        "deep_linear.largest_beta_of_none_over_batch_norm_small_rate",
        says="The largest effective beta without batch norm divided by the largest effective beta "
        "with batch norm, at the smaller rate.",
        link="log",
        band=None,
        measure=_largest_beta("small_rate"),
    ),
)
