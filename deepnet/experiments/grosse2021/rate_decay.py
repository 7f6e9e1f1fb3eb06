"""The hidden decay of the learning rate is measured for several rules of descent.

At a constant rate the weights of each unit before a batch norm grow with every step, like a root of
the steps or faster. The rate at which they turn, eta/|w|^2, therefore falls. It falls at another
pace for each unit and each rule of descent. The output layer keeps the rate eta. Its share of the
rates rises, but not the angle by which it turns.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared import protocol
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.protocol import Recipe
from deepnet.experiments.grosse2021.shared.turns import hidden, layers, outputs, recorded_turns
from deepnet.experiments.store import Arrays
from deepnet.training import KFAC, SGD, Adam
from theory import invariance

VERSION = 2
SOURCE = cite("grosse2021", "Different algorithms can have different decay schedules")
RATES = (0.1, 0.3, 1.0)
#: Rules of another kind with their rates. By ``invariance.sign_growth`` a step by signs has
#: outgrown its start after |w_0|^2/(eta^2 inputs) steps. For Adam at 1e-3 this is 2,600 steps or
#: more, and the training has fewer. So there is 1e-2 too.
RULES = {
    "heavy ball": (SGD(momentum=0.9), 0.1),
    "Adam": (Adam(), 1e-3),
    "Adam, 0.01": (Adam(), 1e-2),
    "K-FAC": (KFAC(), 1e-3),
    "damped K-FAC": (KFAC(damping=1e-3), 1e-3),
}


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, with 20 epochs and a record every 10 steps.

    ``conv_epochs``: the number of epochs of the convolutional net, fewer at quick.
    """
    return protocol.configuration(scale) | {
        "epochs": scale.pick(2, 20, 20),
        "conv_epochs": scale.pick(0, 4, 20),
        "every": scale.pick(1, 10, 10),
    }


def recipes(config: Mapping[str, Any]) -> dict[str, Recipe]:
    """The runs by name."""
    dense = partial(protocol.dense, config, epochs=config["epochs"])
    by_name = {f"{rate:g}": dense(rate=rate) for rate in RATES}
    by_name["none"] = dense(rate=0.1, norm="none")
    by_name |= {name: dense(rate=rate, rule=rule) for name, (rule, rate) in RULES.items()}
    if config["conv_epochs"]:
        epochs = config["conv_epochs"]
        conv = partial(protocol.convolutional, config, activation="softplus", epochs=epochs)
        by_name["conv"] = conv(rate=1.0)
    return by_name


def run(context: Context) -> Arrays:
    """The ``recorded_turns`` of all layers for each of the ``recipes``, "<run>:<quantity>"."""
    arrays: Arrays = {}
    for name, recipe in recipes(context.config).items():
        turns = context.stage(_plain(name), partial(_turns, recipe, context))
        arrays |= {f"{name}:{quantity}": column for quantity, column in turns.items()}
    return arrays


def _plain(name: str) -> str:
    """The name with dashes for all but letters and digits."""
    return "".join(c if c.isalnum() else "-" for c in name)


def _turns(recipe: Recipe, context: Context) -> Arrays:
    context = prepared(context, standardised=bool(recipe.hidden))
    return recorded_turns(recipe, context, context.config["every"])


def slopes(arrays: Arrays, name: str) -> np.ndarray:
    """The slope d log r/d log k of each hidden unit, fitted to the last three quarters of steps."""
    steps, r = arrays[f"{name}:step"], hidden(arrays, name, "r")
    late = steps >= (steps[-1] + 1) / 4
    return np.polyfit(np.log(steps[late]), np.log(r[late]), 1)[0]


def slope(name: str) -> Measure:
    """The median slope over the hidden units; nan for a run that did not train."""

    def measure(arrays: Arrays) -> float:
        return float("nan") if arrays[f"{name}:mark"] else float(np.median(slopes(arrays, name)))

    return measure


def _steeper(above: str, below: str) -> Measure:
    return lambda arrays: slope(above)(arrays) - slope(below)(arrays)


def _spread(arrays: Arrays) -> float:
    """The largest effective rate in a layer over the smallest, at the end of the run with eta = 1.

    The measure is the largest value over the hidden layers.
    """
    *before, _ = layers(arrays, "1")
    return max(float(r.max() / r.min()) for r in (arrays[f"1:{layer}:r"][-1] for layer in before))


def _rise(arrays: Arrays) -> float:
    """The factor by which (output layer's rate)/(hidden unit's rate) has risen: its median."""
    r = hidden(arrays, "1", "r")
    return float(np.median(r[-1] / r[0]))


def _angles(arrays: Arrays) -> float:
    """The output layer's mean angle over the hidden units', in the last quarter at eta = 1."""
    last = slice(-(len(arrays["1:step"]) // 4) or -1, None)
    out, inside = (angles_of(arrays, "1", "angle")[last].mean() for angles_of in (outputs, hidden))
    return float(out / inside)


#: At a constant gradient the slope is 1/2 (``invariance.norm_growth``). The nulls have no batch
#: norm, so that the loss sees the length, or no rule of another kind.
OBSERVATIONS = (
    Observation(
        "rate_decay.growth_like_a_root",
        says=(
            "The median power of the steps with which the squared length of a hidden unit grows is "
            "0.3 to 1, with batch norm and descent at the rate 1."
        ),
        band=(0.3, 1.0),
        measure=slope("1"),
        null=slope("none"),
        about=(invariance.norm_growth,),
    ),
    Observation(
        "rate_decay.adam_grows_faster",
        says=(
            "The median power of the steps with which the squared length of a hidden unit grows is "
            "larger by Adam at the rate 0.01 than by descent at the rate 1."
        ),
        band=(0, np.inf),
        measure=_steeper("Adam, 0.01", "1"),
        null=_steeper("0.3", "1"),
        about=(invariance.sign_growth,),
    ),
    Observation(
        "rate_decay.adam_at_a_thousandth",
        says=(
            "The median power of the steps with which a hidden unit's squared length grows by Adam "
            "at 0.001 minus the median power by descent at the rate 1."
        ),
        band=None,
        measure=_steeper("Adam", "1"),
        about=(invariance.sign_growth,),
    ),
    Observation(
        "rate_decay.spread_in_a_layer",
        says=(
            "The largest effective rate in a hidden layer divided by the smallest, after descent "
            "at the rate 1, in the layer with the largest quotient."
        ),
        link="log",
        band=None,
        measure=_spread,
    ),
    Observation(
        "rate_decay.output_layers_rate_over_hidden",
        says=(
            "The median factor by which the output layer's rate divided by a hidden unit's "
            "effective rate rises during descent at the rate 1."
        ),
        link="log",
        band=None,
        measure=_rise,
    ),
    Observation(
        "rate_decay.output_layers_angle_over_hidden",
        says=(
            "The output layer's mean angle per step divided by the hidden units' mean angle, in "
            "the last quarter of descent at the rate 1."
        ),
        link="log",
        band=None,
        measure=_angles,
    ),
)
