"""Active batch norm makes the leading eigenvalues of the loss's Hessian smaller by an order of
magnitude. In the middle of training, three nets are compared: the net with batch norm, this net
with its batch norm frozen, and the net without.

The source has a gap after the ninth eigenvalue, with batch norm frozen. This gap is not there at
width 1/8 on 5,000 images. On CIFAR-10 there is a gap after the eighth eigenvalue, by a factor of
1.9. The ninth curvature in the span of the mean outputs' gradients, 0.5, is below the largest
curvatures off this span. On the textures there is no gap. The span of the means has curvatures from
2.9 down to 0.3 there, and 0.01 for the shift of all outputs. Off the span the curvatures reach 4.3.
"""

from dataclasses import replace
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
from deepnet.experiments.page2019.shared.protocol import NETS, HalfWay
from deepnet.experiments.reasons import FAR_OUTSIDE
from deepnet.experiments.store import Arrays
from deepnet.nets.initialise import initialise
from deepnet.training import evaluate

VERSION = 6
SOURCE = cite("page2019", "leading eigenvalues of the Hessian")


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of ``measures.configuration``: ``top`` eigenpairs from ``products`` products."""
    return measures.configuration(scale)


def run(context: Context) -> Arrays:
    """Measure the leading eigenvalues of the nets active, frozen and none, and their test accuracy.

    - ``<net>:eigenvalues`` are the largest, with ``residuals``, their errors, and ``products``,
      their cost. ``certain`` says whether none is missing.
    - ``frozen_elsewhere`` is the frozen net's largest eigenvalue on other images. Their number is
      equal.
    - ``active:smallest`` is the smallest eigenvalue of the active net.
    - ``active_before:eigenvalue`` is the largest eigenvalue of the active net before training.

    The nets active and none have three more:
    - ``test_accuracy``, ``diverged`` and ``training_loss`` (steps,) describe the training.

    Raises UsageError if there are too few images.
    """
    require(context.data, 2 * context.config["examples"])
    nets = protocol.half_way(NETS, context)
    elsewhere = measures.eigenpairs(nets["frozen"], top=1, elsewhere=True)
    arrays = _named("frozen_elsewhere", elsewhere)
    for net in nets.values():
        arrays |= _named(net.name, measures.eigenpairs(net))
    arrays["active:smallest"] = _smallest(nets["active"])
    arrays["active_before:eigenvalue"] = _before(nets["active"])
    arrays["classes"] = np.array(context.data.classes)
    for name in ("active", "none"):
        arrays |= _training(nets[name])
    return arrays


def _training(of: HalfWay) -> Arrays:
    """How the training of the net went."""
    state = of.net.state
    score = evaluate(of.net.problem, state, of.context.data)
    return {
        f"{of.name}:test_accuracy": np.array(score.accuracy),
        f"{of.name}:diverged": np.array(state.diverged),
        f"{of.name}:training_loss": np.array(state.records["loss"]),
    }


def _smallest(of: HalfWay) -> np.ndarray:
    """The smallest eigenvalue of the Hessian, (1,), stored as a stage."""

    def compute() -> Arrays:
        batches, many = of.batches(), of.context.config["products"]
        pairs = lanczos(
            of.context.checkpointed(hessian(batches), batches.weights),
            of.context.rng("lower end"),
            top=0,
            bottom=1,
            products=many,
            watch=partial(track, total=many, what=f"Hessian products, lower end, {of.name}"),
        )
        return {"eigenvalues": pairs.values}

    return of.context.stage(f"smallest-{of.name}", compute)["eigenvalues"]


def _before(of: HalfWay) -> np.ndarray:
    """The largest eigenvalue of the Hessian at the net's initial weights, stored as a stage."""

    def compute() -> Arrays:
        weights = initialise(of.net.problem.net, of.context.rng("weights"))
        start = replace(of.net, state=replace(of.net.state, weights=weights))
        return {"eigenvalue": np.array(measures.leading(start, of.context))}

    return of.context.stage(f"before-{of.name}", compute)["eigenvalue"]


def _named(name: str, pairs: Arrays) -> Arrays:
    return {
        f"{name}:{quantity}": pairs[quantity]
        for quantity in ("eigenvalues", "residuals", "products", "certain")
    }


def _top(name: str) -> Measure:
    """The top eigenvalue of the net ``name``."""
    return lambda arrays: float(arrays[f"{name}:eigenvalues"][0])


def _ratio(above: str, below: str) -> Measure:
    """The top eigenvalue of ``above`` divided by the top eigenvalue of ``below``."""
    return lambda arrays: _top(above)(arrays) / _top(below)(arrays)


def _same_mode(arrays: Arrays) -> float:
    """Null: how far two top eigenvalues are apart for one mode of batch norm, at most.

    The active net is compared before training and half-way, the frozen net on two sets of images.
    """
    before = float(arrays["active_before:eigenvalue"])
    return max(
        measures.apart(before, _top("active")(arrays)),
        measures.apart(_top("frozen_elsewhere")(arrays), _top("frozen")(arrays)),
    )


def _gap(name: str, after: int) -> Measure:
    """The eigenvalue of rank ``after`` divided by the next eigenvalue."""

    def measure(arrays: Arrays) -> float:
        above, below = arrays[f"{name}:eigenvalues"][: after + 1][-2:]
        return float(above / below)

    return measure


def _fall(name: str, rank: int) -> Measure:
    """The eigenvalue of this ``rank`` divided by the first eigenvalue."""
    return lambda arrays: float(arrays[f"{name}:eigenvalues"][:rank][-1]) / _top(name)(arrays)


#: The source says "one to two orders of magnitude". The band has room below for small nets. The
#: null is what training and other images change while batch norm keeps its mode.
OBSERVATIONS = (
    Observation(
        "leading_eigenvalues.frozen_over_active",
        says="The largest eigenvalue of the Hessian is 5 to 100 times as large with batch norm "
        "frozen as with batch norm active.",
        link="log",
        band=(5, 100),
        measure=_ratio("frozen", "active"),
        null=_same_mode,
        stated="after",
        was=measures.OTHER_IMAGES,
        why=FAR_OUTSIDE,
    ),
    Observation(
        "leading_eigenvalues.none_over_active",
        says="The largest eigenvalue of the Hessian is 5 to 100 times as large without batch norm "
        "as with batch norm active.",
        link="log",
        band=(5, 100),
        measure=_ratio("none", "active"),
        null=_same_mode,
        stated="after",
        was=measures.OTHER_IMAGES,
        why=FAR_OUTSIDE,
    ),
    Observation(
        "leading_eigenvalues.gap_after_nine",
        says="The ninth eigenvalue is 1.2 to 4 times the tenth, with batch norm frozen.",
        link="log",
        band=(1.2, 4),
        measure=_gap("frozen", 9),
        null=_gap("active", 9),
        **measures.ON_A_LAPTOP,
    ),
)

#: The source's 25 eigenvalues largest in absolute value, for the sum of the loss over a batch of
#: 256.
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

#: For the mean of the loss over a batch, as everywhere here.
PUBLISHED = (
    *(Published(f"top eigenvalue, {name}", PRINTED[name][0] / 256, _top(name)) for name in NETS),
    Published("top eigenvalues, frozen over active", 17.56, _ratio("frozen", "active")),
    Published("top eigenvalues, none over active", 27.26, _ratio("none", "active")),
    Published("gap after the ninth, frozen", 2.054, _gap("frozen", 9), compared="excess"),
    Published("gap after the eleventh, none", 1.426, _gap("none", 11), compared="excess"),
    Published("fifteenth over first, active", 0.5516, _fall("active", 15), compared="odds"),
    Published("fifteenth over first, frozen", 0.1005, _fall("frozen", 15), compared="odds"),
    Published("fifteenth over first, none", 0.2026, _fall("none", 15), compared="odds"),
    Published(
        "smallest over largest, active",
        -0.363,
        lambda arrays: float(arrays["active:smallest"][0]) / _top("active")(arrays),
    ),
)
