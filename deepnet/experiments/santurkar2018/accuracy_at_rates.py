"""VGG trains faster with batch norm than without it, at each of several constant rates. Training
and test accuracy are compared. A third net has no batch norm and starts from He's initial weights.
Part of the gain comes from Glorot's law of the first weights, which is not made for ReLU. Layer by
layer it weakens the signal. The net without batch norm then starts on a plateau where its outputs
hardly depend on its inputs. From He's weights it has no plateau, but may be lost at rate 0.1. The
following accuracies are taken at rate 0.01 and width 1/8 after 400 steps. On textures, the training
accuracy without batch norm is three quarters from He's weights and a fifth from Glorot's weights.
With batch norm it is 0.95. On CIFAR-10, the training accuracy without batch norm is 0.37 from He's
weights, and from Glorot's weights the net has not begun to train. With batch norm it is 0.71. The
test accuracy is 0.34 from He's weights and 0.38 with batch norm. At the best rate of each net, the
accuracy with batch norm is the largest.
"""

from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.backend import to_host
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.reasons import FAR_OUTSIDE
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.curves import (
    AT_THE_END,
    BEFORE_TRAINING,
    JUMPS,
    NAN,
    counts,
    curves,
    gain,
    gain_by_time,
    late,
)
from deepnet.experiments.santurkar2018.shared.records import recorded
from deepnet.experiments.santurkar2018.shared.unit_activations import layer_names
from deepnet.experiments.store import Arrays
from deepnet.nets.initialise import initialise
from deepnet.nets.net import fan_in, fan_out
from deepnet.watch import activations

VERSION = 2
SOURCE = cite("santurkar2018", "figure 1(a), (b)", "figure 3, left")
NETS: tuple[protocol.Name, ...] = ("none", "active")
LAWS = {"glorot": "glorot_uniform", "he": "he_uniform"}


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol, and ``rates``: the source's three at ``full``."""
    return protocol.configuration(scale) | {"rates": scale.pick("0.1", "0.1 0.01", "0.5 0.1 0.01")}


def run(context: Context) -> Arrays:
    """Train the nets at each rate, and measure how Glorot's and He's weights pass the signal on.

    The arrays of each training are named by ``curves``, with the label "<net>:<rate>". The nets are
    none, active, and none_he, which starts from He's weights.
    - ``plain_share`` (hidden layers,) is the variance of Glorot's weights divided by the variance
      of He's weights, fan_in/(fan_in + fan_out).
    - ``<law>:squares`` (1 + hidden layers,) are mean squares: of the images, and of the outputs of
      each activation of the net without batch norm before training.
    """
    config = context.config
    arrays: Arrays = {"rates": np.array([float(rate) for rate in config["rates"].split()])}
    he = context.changed(init=LAWS["he"])
    for rate in arrays["rates"].tolist():
        for name in NETS:
            label = f"{name}:{rate:g}"
            arrays |= curves(label, recorded(name, rate, context), context)
        arrays |= curves(f"none_he:{rate:g}", recorded("none", rate, he), he)
    own = protocol.problem("none", context)
    x = to_host(context.data.normalised(context.data.x_train[: config["batch"]]))
    for law, full_name in LAWS.items():
        weights = initialise(own.net, context.rng("weights"), full_name)
        seen = [part.after for part in activations(own, weights, x).values()]
        squares = [float(np.mean(np.square(part, dtype=float))) for part in [x, *seen]]
        arrays[f"{law}:squares"] = np.array(squares)
    shapes = [own.net.shapes[layer] for layer in layer_names(own.net)[:-1]]
    share = [fan_in(shape) / (fan_in(shape) + fan_out(shape)) for shape in shapes]
    return arrays | {"plain_share": np.array(share), "classes": np.array(context.data.classes)}


def _best(arrays: Arrays, *nets: str) -> float:
    """The largest late accuracy of the ``nets`` at any of the rates, nan if none trained."""
    labels = [f"{net}:{rate:g}" for net in nets for rate in arrays["rates"].tolist()]
    return max((late(arrays, label) for label in labels if counts(arrays, label)), default=NAN)


def _plateau(label: str) -> Measure:
    """The number of steps of the plateau at the start."""
    return lambda arrays: float(arrays.get(f"{label}:plateau", NAN))


def _test(label: str) -> Measure:
    """The late accuracy on test images, nan if the net did not train."""
    return lambda arrays: late(arrays, label, "test") if counts(arrays, label) else NAN


#: The null is the gain of the net without batch norm over itself, three epochs before.
OBSERVATIONS = (
    Observation(
        "accuracy_at_rates.gain_of_batch_norm",
        says="The late training accuracy at rate 0.1 is 0.15 to 0.9 higher for the net with batch "
        "norm than for the net without batch norm.",
        band=(0.15, 0.9),
        measure=gain("active:0.1", "none:0.1"),
        null=gain_by_time("none:0.1"),
        stated="after",
        was=f"{AT_THE_END} {BEFORE_TRAINING}",
        why=f"{JUMPS} {FAR_OUTSIDE}",
    ),
    Observation(
        "accuracy_at_rates.gain_over_he_at_the_same_rate",
        says="The late training accuracy with batch norm minus the accuracy without batch norm "
        "from He's initial weights, both at rate 0.1.",
        band=None,
        measure=gain("active:0.1", "none_he:0.1"),
    ),
    Observation(
        "accuracy_at_rates.gain_over_best_rate_from_glorot",
        says="The best late training accuracy with batch norm over the rates minus the best "
        "accuracy without batch norm over the rates, both from Glorot's weights.",
        band=None,
        measure=lambda arrays: _best(arrays, "active") - _best(arrays, "none"),
    ),
    Observation(
        "accuracy_at_rates.gain_over_best_rate_from_glorot_or_he",
        says="The best late training accuracy with batch norm over the rates minus the best "
        "accuracy without it over the rates and over Glorot's and He's weights.",
        band=None,
        measure=lambda arrays: _best(arrays, "active") - _best(arrays, "none", "none_he"),
    ),
    Observation(
        "accuracy_at_rates.test_accuracy_of_batch_norm",
        says="The late test accuracy of the net with batch norm at rate 0.1.",
        link="logit",
        band=None,
        measure=_test("active:0.1"),
    ),
    Observation(
        "accuracy_at_rates.test_accuracy_of_none",
        says="The late test accuracy of the net without batch norm at rate 0.1.",
        link="logit",
        band=None,
        measure=_test("none:0.1"),
    ),
    Observation(
        "accuracy_at_rates.plateau_of_none",
        says="The number of steps before the loss of the net without batch norm first leaves the "
        "loss of guessing, at rate 0.1.",
        band=None,
        measure=_plateau("none:0.1"),
    ),
)
