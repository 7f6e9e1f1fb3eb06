"""Weight decay against the growth of the weights. Where both cancel, a unit before a batch norm
turns by arccos(1 - eta decay) a step, whatever its gradient: by the same angle in every layer but
the output layer, whose length is no free one. Without decay there is no such pace."""

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
    """Rate, decay and momentum of a run."""

    rate: float
    decay: float
    beta: float = 0.0

    @property
    def angle(self) -> float:
        """The claims' angle of a step at equilibrium."""
        if self.beta == 0:
            return float(invariance.equilibrium_angle(eta=self.rate, decay=self.decay))
        claimed = invariance.equilibrium_with_momentum(
            eta=self.rate, decay=self.decay, beta=self.beta, G=1
        )
        return float(np.arccos(claimed["cosine"]))

    @property
    def time(self) -> float:
        """The steps in which the deviation of r shrinks by a factor e."""
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
    """The protocol's: 40 epochs, looked at every 10 steps."""
    return protocol.configuration(scale) | {
        "epochs": scale.pick(2, 40, 40),
        "every": scale.pick(1, 10, 10),
    }


def run(context: Context) -> Arrays:
    """Of the mlp in each of ``SETTINGS``, by name: the ``recorded_turns`` of all layers."""
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
    """The root-mean-square angle over units and the records of the last quarter.

    The claims are about the mean cosine. Batches differ: from one to the next all of a layer's
    angles change by half, so that a few records are no mean, and the mean of roots is too small.
    """
    angles = rms(arrays, name, layer, "angle")
    return float(np.sqrt(np.mean(angles[-(len(angles) // 4 or 1) :] ** 2)))


def drift(arrays: Arrays, name: str, layer: str) -> float:
    """By which factor G has changed within the last relaxation time, from its first half on
    average to its second; above 1."""
    steps = arrays[f"{name}:step"]
    since = steps[-1] - SETTINGS[name].time
    late = rms(arrays, name, layer, "G")[steps >= min(since, steps[-6:][0])]
    first, second = (part.mean() for part in np.array_split(late, 2))
    return float(max(first / second, second / first))


def settled(arrays: Arrays, name: str) -> list[str]:
    """The hidden layers of a run that has lasted three relaxation times with a steady gradient: it
    has changed by a factor of 1.5 at most within the last of them."""
    *before, _ = layers(arrays, name)
    long = arrays[f"{name}:step"][-1] > 3 * SETTINGS[name].time
    return [layer for layer in before if long and drift(arrays, name, layer) <= 1.5]


def over_claim(name: str, output: bool = False) -> Measure:
    """The angle over the claim's, of the hidden layer where that is farthest from 1 (of those that
    have ``settled``; nan where none has), or of the output layer."""

    def measure(arrays: Arrays) -> float:
        if arrays[f"{name}:mark"]:
            return float("nan")
        chosen = layers(arrays, name)[-1:] if output else settled(arrays, name)
        quotients = [pace(arrays, name, layer) / SETTINGS[name].angle for layer in chosen]
        return max(quotients, key=lambda ratio: abs(np.log(ratio)), default=float("nan"))

    return measure


def _without(name: str) -> Measure:
    """What the pace of the run without decay is of the angle of ``name``: of the hidden layer where
    that is nearest to 1."""

    def measure(arrays: Arrays) -> float:
        *before, _ = layers(arrays, "none")
        quotients = [pace(arrays, "none", layer) / SETTINGS[name].angle for layer in before]
        return min(quotients, key=lambda ratio: abs(np.log(ratio)))

    return measure


#: The null has no decay. The output layer, whose length is not free, is no null: with decay it too
#: may come to turn by an angle of this size, as most of its gradient is across its weights.
OBSERVATIONS = (
    Observation(
        "weight_decay.equilibrium_angle",
        band=(0.85, 1.15),
        measure=over_claim("strong"),
        null=_without("strong"),
        about=(invariance.equilibrium_angle,),
    ),
    Observation(
        "weight_decay.equilibrium_angle_at_a_tenth",
        band=(0.85, 1.15),
        measure=over_claim("weak"),
        null=_without("weak"),
        about=(invariance.equilibrium_angle,),
    ),
    Observation(
        "weight_decay.angle_with_momentum",
        None,
        over_claim("strong, momentum"),
        about=(invariance.equilibrium_with_momentum,),
    ),
    Observation(
        "weight_decay.angle_with_momentum_at_a_tenth",
        None,
        over_claim("weak, momentum"),
        about=(invariance.equilibrium_with_momentum,),
    ),
    Observation(
        "weight_decay.output_layers_angle",
        None,
        over_claim("strong", output=True),
        about=(invariance.equilibrium_angle,),
    ),
    Observation(
        "weight_decay.output_layers_angle_at_a_tenth",
        None,
        over_claim("weak", output=True),
        about=(invariance.equilibrium_angle,),
    ),
)
