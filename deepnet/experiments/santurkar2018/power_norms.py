"""Batch norm with other norms than the standard deviation, of the outputs before their mean is
taken off: the mean absolute value (L1), the root mean square (L2), the largest (L-infinity). None
of them makes the variance 1, as batch norm does, and each trains far better than no norm at all. Of
textures all train like batch norm, as in the source; of CIFAR-10, at width 1/8 and in 400 steps, L2
does, L1 is a little slower and L-infinity, which makes outputs four times smaller, clearly so.
"""

from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.backend import to_host
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Observation
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.curves import curves, gain, gain_before
from deepnet.experiments.santurkar2018.shared.records import recorded
from deepnet.experiments.store import Arrays
from deepnet.nets.initialise import initialise
from deepnet.watch import activations

VERSION = 2
SOURCE = cite("santurkar2018", "section 3.3", "figures 5, 6, 12")
NORMS: tuple[protocol.Name, ...] = ("l1", "l2", "linf")
CENTRED: tuple[protocol.Name, ...] = ("centred_l1", "centred_l2", "centred_linf")


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's, and whether nets with the norm of the deviations are trained too."""
    return protocol.configuration(scale) | {"centred": scale.pick(False, False, True)}


def run(context: Context) -> Arrays:
    """``curves`` of the nets at the main rate; before training, how far the norms spread outputs.

    "<norm>:deviation" (hidden layers,): the median channel's standard deviation, before scale and
    shift, over the first batch's worth of images; ``entries`` (hidden layers,) how many numbers of
    a channel the norm is taken of.
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
    """The arrays "<norm>:deviation" and ``entries``, before training."""
    own = protocol.problem(name, context)
    x = to_host(context.data.normalised(context.data.x_train[: context.config["batch"]]))
    weights = initialise(own.net, context.rng("weights"), context.config["init"])
    before = [part.before for part in activations(own, weights, x).values()]
    rows = [part.reshape(-1, part.shape[-1]).astype(float) for part in before]
    return {
        f"{name}:deviation": np.array([np.median(row.std(0)) for row in rows]),
        "entries": np.array([len(row) for row in rows]),
    }


#: The null is the same difference before training, where no norm has had anything to do.
OBSERVATIONS = tuple(
    Observation(
        f"power_norms.gain_of_{name}",
        band=(0.1, 0.9),
        measure=gain(name, "none"),
        null=gain_before(name, "none"),
    )
    for name in NORMS
) + tuple(
    Observation(f"power_norms.{name}_over_batch_norm", None, gain(name, "active")) for name in NORMS
)
