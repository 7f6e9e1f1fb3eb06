"""The leading eigenvalues of the loss's Hessian, in the middle of training, of the net with batch
norm, of the same net with its batch norm frozen, and of the net without: batch norm makes them
smaller by an order of magnitude, as long as it is active.

The source's gap after the ninth, with batch norm frozen, is not there at width 1/8 on 5,000 images.
Of CIFAR-10 it is after the eighth, by a factor of 1.9: the ninth curvature in the span of the mean
outputs' gradients, 0.5, is below the largest ones off it. Of the textures, which are nearly all
learnt half-way, there is none: the span of the means has curvatures from 2.9 down to 0.3 (and 0.01,
the shift of all outputs), and off it they reach 4.3.
"""

from functools import partial
from typing import Any

import numpy as np

from companion.progress import track
from companion.references import cite
from companion.scale import Scale
from deepnet.curvature import hessian, lanczos
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation, Published
from deepnet.experiments.images import require
from deepnet.experiments.page2019.shared import measures, protocol
from deepnet.experiments.page2019.shared.protocol import Name
from deepnet.experiments.store import Arrays
from deepnet.training import evaluate

VERSION = 5
SOURCE = cite("page2019", "leading eigenvalues of the Hessian")
NETS: tuple[Name, ...] = ("active", "frozen", "none")


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's, and how many eigenpairs from how many products."""
    return measures.configuration(scale)


def run(context: Context) -> Arrays:
    """For active, frozen and none: eigenvalues, residuals, products; the nets' test accuracy.

    ``frozen_elsewhere`` is the frozen net's largest over as many other images, ``active:smallest``
    the other end of the active net's spectrum. Raises UsageError where there are too few images.
    """
    require(context.data, 2 * context.config["examples"])
    elsewhere = measures.eigenpairs("frozen", context, start=context.config["examples"], top=1)
    arrays = _named("frozen_elsewhere", elsewhere)
    for name in NETS:
        arrays |= _named(name, measures.eigenpairs(name, context))
    smallest = context.stage("smallest-active", partial(_smallest, "active", context))
    arrays["active:smallest"] = smallest["eigenvalues"]
    arrays["classes"] = np.array(context.data.classes)
    for name in ("active", "none"):
        net = protocol.net(name, context)
        score = evaluate(net.problem, net.state, context.data)
        arrays[f"{name}:test_accuracy"] = np.array(score.accuracy)
        arrays[f"{name}:diverged"] = np.array(net.state.diverged)
        arrays[f"{name}:training_loss"] = np.array(net.state.records["loss"])
    return arrays


def _smallest(name: Name, context: Context) -> Arrays:
    """The smallest eigenvalue."""
    batches = protocol.batches(protocol.net(name, context), context)
    many = context.config["products"]
    pairs = lanczos(
        hessian(batches),
        context.rng("lower end"),
        top=0,
        bottom=1,
        products=many,
        watch=partial(track, total=many, what=f"Hessian products, lower end, {name}"),
    )
    return {"eigenvalues": pairs.values}


def _named(name: str, pairs: Arrays) -> Arrays:
    return {
        f"{name}:{quantity}": pairs[quantity]
        for quantity in ("eigenvalues", "residuals", "products")
    }


def _top(name: str) -> Measure:
    """The top eigenvalue of ``name``."""
    return lambda arrays: float(arrays[f"{name}:eigenvalues"][0])


def _ratio(above: str, below: str) -> Measure:
    """How many times the top eigenvalue of ``below`` that of ``above`` is."""
    return lambda arrays: _top(above)(arrays) / _top(below)(arrays)


def _gap(name: str, after: int) -> Measure:
    """The quotient of the eigenvalue of rank ``after`` and the next."""

    def measure(arrays: Arrays) -> float:
        above, below = arrays[f"{name}:eigenvalues"][: after + 1][-2:]
        return float(above / below)

    return measure


def _fall(name: str, rank: int) -> Measure:
    """The eigenvalue of this ``rank`` over the first."""
    return lambda arrays: float(arrays[f"{name}:eigenvalues"][:rank][-1]) / _top(name)(arrays)


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

#: The source's, of the sum over a batch of 256: the 25 largest in absolute value.
PRINTED: dict[str, tuple[float, ...]] = {
    "active": (
        127.874, 105.468, 97.0018, 93.9739, 92.0906, 88.1336, 85.4, 84.0642, 83.5324, 82.1016,
        81.2644, 77.9249, 76.7471, 74.8148, 70.5345, 60.5635, 58.5305, 57.2157, 53.4292, 51.7832,
        49.5687, 47.655, 46.4041, 45.2593, -46.4158,
    ),
    "frozen": (
        2245.98, 2079.37, 1804.96, 1588.74, 1504.8, 1225.83, 1045.53, 978.077, 893.779, 435.056,
        417.304, 340.155, 259.051, 245.104, 225.779, 203.989, 183.661, 180.635, 173.451, 161.347,
        154.941, 142.401, 139.26, 134.899, 131.981,
    ),
    "none": (
        3486.07, 2556.01, 2344.72, 1991.16, 1937.28, 1741.69, 1694.59, 1646.06, 1558.12, 1523.75,
        1304.92, 914.959, 774.691, 730.104, 706.144, 605.693, 558.535, 508.496, 486.405, 463.85,
        411.392, 390.607, 376.997, 337.337, 324.411,
    ),
}  # fmt: skip

#: Of the mean over a batch, as everywhere here.
PUBLISHED = (
    *(Published(f"top eigenvalue, {name}", PRINTED[name][0] / 256, _top(name)) for name in NETS),
    Published("top eigenvalues, frozen over active", 17.56, _ratio("frozen", "active")),
    Published("top eigenvalues, none over active", 27.26, _ratio("none", "active")),
    Published("gap after the ninth, frozen", 2.054, _gap("frozen", 9)),
    Published("gap after the eleventh, none", 1.426, _gap("none", 11)),
    Published("fifteenth over first, active", 0.5516, _fall("active", 15)),
    Published("fifteenth over first, frozen", 0.1005, _fall("frozen", 15)),
    Published("fifteenth over first, none", 0.2026, _fall("none", 15)),
    Published(
        "smallest over largest, active",
        -0.363,
        lambda arrays: float(arrays["active:smallest"][0]) / _top("active")(arrays),
    ),
)
