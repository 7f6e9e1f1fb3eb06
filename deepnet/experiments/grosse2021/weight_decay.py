"""Weight decay is set against the growth of the weights, by the angle of a step.

Where decay and growth cancel, a unit before a batch norm turns by arccos(1 - eta decay) per step,
whatever its gradient. The angle is equal in every layer but the output layer, whose length is not
free. Without decay there is no such pace.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared import protocol
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.turns import layers, recorded_turns
from deepnet.experiments.store import Arrays
from deepnet.training import SGD
from theory import invariance

VERSION = 2
SOURCE = cite("grosse2021", "Use weight decay")


@dataclass(frozen=True)
class Setting:
    """The rate, the decay and the momentum of a run."""

    rate: float
    decay: float
    beta: float = 0.0

    @property
    def angle(self) -> float:
        """The angle of a step at equilibrium, by the claims."""
        if self.beta == 0:
            return float(invariance.equilibrium_angle(eta=self.rate, decay=self.decay))
        claimed = invariance.equilibrium_with_momentum(
            eta=self.rate, decay=self.decay, beta=self.beta, G=1
        )
        return float(np.arccos(claimed["cosine"]))

    @property
    def time(self) -> float:
        """The number of steps in which the deviation of r shrinks by a factor e."""
        factor = invariance.relaxation(eta=self.rate / (1 - self.beta), decay=self.decay)
        return float(-1 / np.log(factor))


SETTINGS = {
    "strong": Setting(1.0, 5e-3),
    "weak": Setting(1.0, 5e-4),
    "strong, momentum": Setting(0.1, 5e-3, 0.9),
    "weak, momentum": Setting(0.1, 5e-4, 0.9),
    "none": Setting(1.0, 0.0),
}


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, with 40 epochs and a record every 10 steps."""
    return protocol.configuration(scale) | {
        "epochs": scale.pick(2, 40, 40),
        "every": scale.pick(1, 10, 10),
    }


def run(context: Context) -> Arrays:
    """The ``recorded_turns`` of all layers in each of ``SETTINGS``, "<run>:<quantity>"."""
    config = context.config
    context = prepared(context)
    arrays: Arrays = {}
    for name, setting in SETTINGS.items():
        rule = SGD(momentum=setting.beta, decay=setting.decay)
        recipe = protocol.dense(config, rate=setting.rate, rule=rule, epochs=config["epochs"])
        compute = partial(recorded_turns, recipe, context, config["every"])
        turns = context.stage(name.replace(", ", "-"), compute)
        arrays |= {f"{name}:{quantity}": column for quantity, column in turns.items()}
    return arrays


def rms(arrays: Arrays, name: str, layer: str, quantity: str) -> np.ndarray:
    """The root of the mean square over a layer's units, (records,)."""
    return np.sqrt(np.mean(arrays[f"{name}:{layer}:{quantity}"] ** 2, axis=1))


def pace(arrays: Arrays, name: str, layer: str) -> float:
    """The root mean square of the angle over units and over the records of the last quarter.

    The claims are about the mean cosine. Batches differ: from one batch to the next all angles of a
    layer change by half. A few records are therefore no mean, and the mean of roots is too small.
    """
    angles = rms(arrays, name, layer, "angle")
    return float(np.sqrt(np.mean(angles[-(len(angles) // 4 or 1) :] ** 2)))


def drift(arrays: Arrays, name: str, layer: str) -> float:
    """The factor by which G has changed within the last relaxation time, above 1.

    The mean of the first half of this time is compared with the mean of the second half.
    """
    steps = arrays[f"{name}:step"]
    since = steps[-1] - SETTINGS[name].time
    late = rms(arrays, name, layer, "G")[steps >= min(since, steps[-6:][0])]
    first, second = (part.mean() for part in np.array_split(late, 2))
    return float(max(first / second, second / first))


def settled(arrays: Arrays, name: str) -> list[str]:
    """The hidden layers with a steady gradient, if the run has lasted three relaxation times.

    In such a layer G has changed by a factor of 1.5 at most within the last relaxation time.
    """
    *before, _ = layers(arrays, name)
    long = arrays[f"{name}:step"][-1] > 3 * SETTINGS[name].time
    return [layer for layer in before if long and drift(arrays, name, layer) <= 1.5]


def over_claim(name: str, output: bool = False) -> Measure:
    """The angle divided by the claim's angle, in the layer where the quotient is farthest from 1.

    The layers are the hidden layers that have ``settled``, or the ``output`` layer alone. The
    measure is nan where no layer has settled or the run did not train.
    """

    def measure(arrays: Arrays) -> float:
        if arrays[f"{name}:mark"]:
            return float("nan")
        chosen = layers(arrays, name)[-1:] if output else settled(arrays, name)
        quotients = [pace(arrays, name, layer) / SETTINGS[name].angle for layer in chosen]
        return max(quotients, key=lambda ratio: abs(np.log(ratio)), default=float("nan"))

    return measure


def _without(name: str) -> Measure:
    """Null: the pace of the run without decay divided by the angle that the claim predicts.

    The prediction is for the run ``name``. The layer is the hidden layer where the ratio is closest
    to 1.
    """

    def measure(arrays: Arrays) -> float:
        *before, _ = layers(arrays, "none")
        quotients = [pace(arrays, "none", layer) / SETTINGS[name].angle for layer in before]
        return min(quotients, key=lambda ratio: abs(np.log(ratio)))

    return measure


FIVE_RECORDS = "The angle was the mean of five records. The null was the output layer."
NO_MEAN = "Angles change by half from batch to batch. The output layer may turn as much."
#: The null has no decay. The output layer is no null, although its length is not free: with decay
#: it too may come to turn by an angle of this size, since most of its gradient is across its
#: weights.
OBSERVATIONS = (
    Observation(
        "weight_decay.equilibrium_angle",
        says=(
            "Hidden units with batch norm turn per step by 0.85 to 1.15 times the predicted "
            "equilibrium angle in each settled layer, at the decay 0.005."
        ),
        link="log",
        band=(0.85, 1.15),
        measure=over_claim("strong"),
        null=_without("strong"),
        about=(invariance.equilibrium_angle,),
        stated="after",
        was=FIVE_RECORDS,
        why=NO_MEAN,
    ),
    Observation(
        "weight_decay.equilibrium_angle_at_a_tenth",
        says=(
            "Hidden units with batch norm turn per step by 0.85 to 1.15 times the predicted "
            "equilibrium angle in each settled layer, at the decay 0.0005."
        ),
        link="log",
        band=(0.85, 1.15),
        measure=over_claim("weak"),
        null=_without("weak"),
        about=(invariance.equilibrium_angle,),
        stated="after",
        was=FIVE_RECORDS,
        why=NO_MEAN,
    ),
    Observation(
        "weight_decay.angle_with_momentum",
        says=(
            "The hidden units' angle per step divided by the predicted equilibrium angle, in the "
            "worst settled layer, with momentum at the decay 0.005."
        ),
        link="log",
        band=None,
        measure=over_claim("strong, momentum"),
        about=(invariance.equilibrium_with_momentum,),
    ),
    Observation(
        "weight_decay.angle_with_momentum_at_a_tenth",
        says=(
            "The hidden units' angle per step divided by the predicted equilibrium angle, in the "
            "worst settled layer, with momentum at the decay 0.0005."
        ),
        link="log",
        band=None,
        measure=over_claim("weak, momentum"),
        about=(invariance.equilibrium_with_momentum,),
    ),
    Observation(
        "weight_decay.output_layers_angle",
        says=(
            "The output layer's angle per step divided by the equilibrium angle that is predicted "
            "for hidden units, at the decay 0.005."
        ),
        link="log",
        band=None,
        measure=over_claim("strong", output=True),
        about=(invariance.equilibrium_angle,),
    ),
    Observation(
        "weight_decay.output_layers_angle_at_a_tenth",
        says=(
            "The output layer's angle per step divided by the equilibrium angle that is predicted "
            "for hidden units, at the decay 0.0005."
        ),
        link="log",
        band=None,
        measure=over_claim("weak", output=True),
        about=(invariance.equilibrium_angle,),
    ),
)
