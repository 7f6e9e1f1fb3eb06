"""Surfaces of the loss of LeNet and VGG-16 are compared with batch norm and without.

The surfaces are filter-normalised, and numbers such as height and slope are taken from them. The
source finds the surface with batch norm flatter. It does not say which statistics batch norm has on
its surface.

Where each point's batch has its own statistics, the surface at a distance from the centre is lower
and less steep than without batch norm. Mostly it has more negative curvature, not less: "more
concave" is right to the letter for two of three training seeds.

Where the statistics are the constants of the centre, the surface is higher than with the batch's
own. Which net's surface is then flatter depends on how far each net has been trained (see
surfaces_by_loss). The surface with batch norm is flatter where the net without has learnt as much
(LeNet on textures). The surface without batch norm is flatter by far where this net has learnt
little (VGG-16).
"""

from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.oxford2021.observed import loss_surfaces as observed
from deepnet.experiments.oxford2021.shared import landscapes, protocol
from deepnet.experiments.oxford2021.shared.landscapes import MODES, Mode
from deepnet.experiments.oxford2021.shared.protocol import NAMES, Name, Which
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("oxford2021", "figure 2")
OBSERVATIONS = observed.OBSERVATIONS


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the landscapes' configuration.

    ``reestimated``: whether a surface with statistics estimated again at every point is added.
    """
    return landscapes.configuration(scale) | {"reestimated": scale.pick(False, False, True)}


def run(context: Context) -> Arrays:
    """The surfaces of both nets in each mode at the joint rate, and of VGG-16 at the source's too.

    ``at`` (points,): the grid in each direction.
    ``<net>:<mode>:<joint or source>:<what>``: the arrays of ``landscapes.of_all_seeds``.
    ``vgg16:rate:<joint or source>``: the rates.
    ``lenet:<mode>:joint:training_loss``: the loss of the surface's images by another pass.
    ``lenet:<mode>:joint:other_loss``: the loss of other images.
    """
    config = context.config
    modes: tuple[Mode, ...] = (*MODES, "reestimated") if config["reestimated"] else MODES
    arrays: Arrays = {
        "at": np.linspace(-1, 1, config["points"]),
        "classes": np.array(context.data.classes),
    }
    rates: tuple[Which, Which] = ("source", "joint")
    for which in rates:
        rate = protocol.rate_of(which, "vgg16", context)
        arrays[f"vgg16:rate:{which}"] = np.array(rate)
    for name in NAMES:
        for mode in modes:
            arrays |= _named(name, mode, "joint", context)
    for mode in MODES:
        arrays |= _named("vgg16", mode, "source", context)
    for mode in MODES:
        lenet = protocol.net("lenet", landscapes.norm_of(mode), "joint", context)
        for kind, images in (("training", landscapes.data), ("other", landscapes.others)):
            loss = landscapes.training_loss(lenet, mode, images(context))
            arrays[f"lenet:{mode}:joint:{kind}_loss"] = np.array(loss)
    return arrays


def _named(name: Name, mode: Mode, which: Which, context: Context) -> Arrays:
    surfaces = landscapes.of_all_seeds(name, mode, which, context)
    return {f"{name}:{mode}:{which}:{quantity}": array for quantity, array in surfaces.items()}
