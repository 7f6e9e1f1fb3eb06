"""Batch norm with another norm than the standard deviation trains VGG far better than no norm at
all. A layer's outputs are divided by a norm that is taken before their mean is subtracted: the mean
absolute value (L1), the root mean square (L2) or the largest absolute value (L-infinity). None of
them makes the variance 1, as batch norm does. On textures all of them train like batch norm, as in
the source. On CIFAR-10, at width 1/8 and in 400 steps, L2 trains like batch norm. L1 is a little
slower. L-infinity makes the outputs four times smaller, and is clearly slower.
"""

from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.backend import to_host
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Observation
from deepnet.experiments.reasons import FAR_OUTSIDE
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.curves import (
    AT_THE_END,
    BEFORE_TRAINING,
    JUMPS,
    curves,
    gain,
    gain_by_time,
)
from deepnet.experiments.santurkar2018.shared.records import recorded
from deepnet.experiments.store import Arrays
from deepnet.nets.initialise import initialise
from deepnet.watch import activations

VERSION = 2
SOURCE = cite("santurkar2018", "section 3.3", "figures 5, 6, 12")
NORMS: tuple[protocol.Name, ...] = ("l1", "l2", "linf")
CENTRED: tuple[protocol.Name, ...] = ("centred_l1", "centred_l2", "centred_linf")


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol, and ``centred``.

    ``centred`` says whether nets with the norms of the deviations are trained too.
    """
    return protocol.configuration(scale) | {"centred": scale.pick(False, False, True)}


def run(context: Context) -> Arrays:
    """Train the nets at the main rate, and measure the spread of their outputs before training.

    The arrays of each training are named by ``curves``, the arrays before training by
    ``deviations``.
    """
    arrays: Arrays = {"classes": np.array(context.data.classes)}
    trained = ("none", "active", *NORMS, *(CENTRED if context.config["centred"] else ()))
    for name in trained:
        net = recorded(name, context.config["rate"], context)
        arrays |= curves(name, net, context)
    for name in (*NORMS, *CENTRED):
        arrays |= deviations(name, context)
    return arrays


def deviations(name: protocol.Name, context: Context) -> Arrays:
    """The spread of the outputs of the net ``name`` before training.

    The net is given the first batch's worth of training images.
    - ``<norm>:deviation`` (hidden layers,) is the median over the channels of their standard
      deviations. Scale is still 1 and shift still 0.
    - ``entries`` (hidden layers,) is the number of values per channel, over which the norm is
      taken.
    """
    own = protocol.problem(name, context)
    x = to_host(context.data.normalised(context.data.x_train[: context.config["batch"]]))
    weights = initialise(own.net, context.rng("weights"), context.config["init"])
    before = [part.before for part in activations(own, weights, x).values()]
    rows = [part.reshape(-1, part.shape[-1]).astype(float) for part in before]
    return {
        f"{name}:deviation": np.array([np.median(row.std(0)) for row in rows]),
        "entries": np.array([len(row) for row in rows]),
    }


WORDS = {"l1": "L1", "l2": "L2", "linf": "L-infinity"}
#: The null is the gain of the net without a norm over itself, three epochs before.
OBSERVATIONS = tuple(
    Observation(
        f"power_norms.gain_of_{name}",
        says=f"The late training accuracy is 0.1 to 0.9 higher with the {WORDS[name]} norm than "
        "without any norm.",
        band=(0.1, 0.9),
        measure=gain(name, "none"),
        null=gain_by_time("none"),
        stated="after",
        was=f"{AT_THE_END} {BEFORE_TRAINING}",
        why=f"{JUMPS} {FAR_OUTSIDE}",
    )
    for name in NORMS
) + tuple(
    Observation(
        f"power_norms.{name}_over_batch_norm",
        says=f"The late training accuracy with the {WORDS[name]} norm minus the accuracy with "
        "batch norm.",
        band=None,
        measure=gain(name, "active"),
    )
    for name in NORMS
)
