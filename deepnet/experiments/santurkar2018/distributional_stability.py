"""Noise after batch norm moves the activations, and the net still trains far better than without
batch norm. Each unit's outputs are shifted and scaled anew at every step. The mean of a layer's
inputs then moves five to fifteen times as far in one step as without batch norm, in the median. On
textures the noisy net trains as well as without noise. On CIFAR-10 it trains more slowly, but does
as well on test images. So batch norm does not make a net trainable by holding its activations
still. Yet it does hold them: without noise their means move a tenth to a third as far as in the net
without batch norm. How far they move depends on the measure. In a unit's own standard deviations,
the net without batch norm moves farther than the noisy one in the layers near its outputs.

The source says that with this noise the net without batch norm does not train at all. This
statement does not hold. The net starts later. At width 1/8 its loss leaves the loss of a guess
after two to four times the number of steps without noise, on textures and on CIFAR-10, and then it
falls. Noise of a fixed size is large beside the signal that Glorot's weights let through
(accuracy_at_rates), until the weights grow.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.santurkar2018.observed import distributional_stability as observed
from deepnet.experiments.santurkar2018.shared import noise, protocol
from deepnet.experiments.santurkar2018.shared.curves import curves
from deepnet.experiments.santurkar2018.shared.records import UNITS_RECORDED, recorded
from deepnet.experiments.santurkar2018.shared.unit_activations import (
    LEVELS,
    SIDES,
    inputs_of,
    moments_of,
)
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained

VERSION = 2
SOURCE = cite("santurkar2018", "figures 1(c), 2, 6, 8", "appendix A, algorithm 1")
OBSERVATIONS = observed.OBSERVATIONS
NETS: tuple[protocol.Name, ...] = ("none", "active", "noisy", "none_noisy")


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol, and the noise of the source's algorithm."""
    return protocol.configuration(scale) | noise.configuration(scale)


def run(context: Context) -> Arrays:
    """Train the four nets at the main rate. Return ``curves``, and the moments of single units.

    The units are recorded for the first three nets. ``<layer>`` is the number of the layer whose
    inputs are recorded. ``<side>`` is "before" or "after" the activation below it.
    - ``<net>:<layer>:<side>:mean`` and ``:variance`` (steps, units) are the units' moments.
    - ``<net>:<layer>:quantiles`` (6, levels) are quantiles of the first unit before its activation.
    - ``<net>:law_step`` (6,) are the steps of the quantiles.
    """
    arrays: Arrays = {"classes": np.array(context.data.classes), "levels": LEVELS}
    for name in NETS:
        net = recorded(name, context.config["rate"], context)
        arrays |= curves(name, net, context)
        if name in UNITS_RECORDED:
            arrays |= _units(name, net, context.config)
    return arrays


def _units(name: str, net: Trained, config: Mapping[str, Any]) -> Arrays:
    records = net.state.records
    units: Arrays = {f"{name}:law_step": np.array(records["quantiles:step"])}
    for number, layer in inputs_of(net.problem.net, config["layers"]).items():
        for side in SIDES:
            for moment, values in moments_of(records, layer, side).items():
                units[f"{name}:{number}:{side}:{moment}"] = values
        quantiles = [records[f"{layer}:quantile:{i}"] for i in range(len(LEVELS))]
        units[f"{name}:{number}:quantiles"] = np.array(quantiles).T
    return units
