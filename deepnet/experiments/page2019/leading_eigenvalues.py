"""The leading eigenvalues of the loss's Hessian, in the middle of training, of the net with batch
norm, of the same net with its batch norm frozen, and of the net without: batch norm makes them
smaller by an order of magnitude, as long as it is active.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation, Published
from deepnet.experiments.page2019 import measures, protocol
from deepnet.experiments.page2019.protocol import Name
from deepnet.experiments.store import Arrays
from deepnet.training import evaluate

VERSION = 3
SOURCE = cite("page2019", "leading eigenvalues of the Hessian")
NETS: tuple[Name, ...] = ("active", "frozen", "none")


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's, and how many eigenpairs from how many products."""
    return measures.configuration(scale)


def run(config: Mapping[str, Any], context: Context) -> Arrays:
    """For active, frozen and none: eigenvalues, residuals, products; the nets' test accuracy.

    ``frozen_elsewhere`` is the frozen net's largest over as many other images. Raises UsageError
    where there are too few.
    """
    protocol.require(context.data, 2 * config["examples"])
    elsewhere = measures.eigenpairs("frozen", config, context, start=config["examples"], top=1)
    arrays = _named("frozen_elsewhere", elsewhere)
    for name in NETS:
        arrays |= _named(name, measures.eigenpairs(name, config, context))
    for name in ("active", "none"):
        net = protocol.net(name, config, context)
        score = evaluate(net.problem, net.state, context.data)
        arrays[f"{name}:test_accuracy"] = np.array(score.accuracy)
        arrays[f"{name}:diverged"] = np.array(net.state.diverged)
        arrays[f"{name}:training_loss"] = np.array(net.state.records["loss"])
    return arrays


def _named(name: str, pairs: Arrays) -> Arrays:
    return {f"{name}:{what}": pairs[what] for what in ("eigenvalues", "residuals", "products")}


def _top(name: str) -> Measure:
    """The top eigenvalue of ``name``."""
    return lambda arrays: float(arrays[f"{name}:eigenvalues"][0])


def _ratio(above: str, below: str) -> Measure:
    """How many times the top eigenvalue of ``below`` that of ``above`` is."""
    return lambda arrays: _top(above)(arrays) / _top(below)(arrays)


#: "One to two orders of magnitude", with room below for small nets. The null is the frozen net on
#: other images: what differs by chance alone.
OBSERVATIONS = (
    Observation(
        "leading_eigenvalues.frozen_over_active",
        band=(5, 100),
        measure=_ratio("frozen", "active"),
        null=_ratio("frozen", "frozen_elsewhere"),
    ),
    Observation(
        "leading_eigenvalues.none_over_active",
        band=(5, 100),
        measure=_ratio("none", "active"),
        null=_ratio("frozen", "frozen_elsewhere"),
    ),
)

#: Of the sum over a batch of 256 there, of the mean here.
PUBLISHED = tuple(
    Published(f"top eigenvalue, {name}", value / 256, _top(name))
    for name, value in (("active", 127.874), ("frozen", 2245.98), ("none", 3486.07))
)
