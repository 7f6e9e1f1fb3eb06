"""Off the span of the moments' gradients, most of the curvature of the nets without active batch
norm is gone, and these nets are still less stable than the net with active batch norm. The leading
eigenvalues of the loss's Hessian are taken off the span of the gradients of the outputs' means,
variances and third moments.

The means alone account for a gap. With batch norm frozen, there are ten curvatures in the span of
the means, and the tenth is nearly zero. A gap follows the ninth eigenvalue if the nine others
exceed the largest curvature off the span.
"""

from functools import partial
from typing import Any

import numpy as np

from companion.progress import track
from companion.references import cite
from companion.scale import Scale
from deepnet.curvature import Batches, hessian, lanczos, projected, span
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation, Published
from deepnet.experiments.images import require
from deepnet.experiments.page2019.shared import measures, protocol
from deepnet.experiments.page2019.shared.protocol import HalfWay, Name
from deepnet.experiments.store import Arrays
from theory import stability

VERSION = 2
SOURCE = cite("page2019", "restricted to the subspace orthogonal to the 29 dimensional subspace")
#: The three nets. Each has a partner, and its Hessian has nothing to do with the partner's moments.
NETS: dict[Name, Name] = {"active": "none", "frozen": "none", "none": "frozen"}


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of ``measures.configuration`` and these:

    - ``left`` is the number of eigenvalues off the span.
    - ``products_left`` is the number of products for them.
    """
    return measures.configuration(scale) | {
        "left": scale.pick(2, 5, 25),
        "products_left": scale.pick(6, 40, 200),
    }


def run(context: Context) -> Arrays:
    """Measure the leading eigenvalues of the whole Hessian and of the Hessian off the span.

    For the nets active, frozen and none:
    - ``eigenvalues`` are the eigenvalues of the whole Hessian, ``residuals`` their errors.
    - ``left`` are the eigenvalues off the net's own moments, ``left_residuals`` their errors.
    - ``elsewhere`` (1,) is the largest eigenvalue off the moments of another net.

    The net frozen has two more:
    - ``in_means`` (classes,) are the curvatures in the span of the means alone, in descending
      order.
    - ``off_means`` (1,) is the largest curvature off this span.

    ``active_elsewhere:left`` (1,) is the active net's largest eigenvalue on other images, off the
    span for the first images. Raises UsageError if there are too few images.
    """
    config = context.config
    require(context.data, 2 * config["examples"])
    nets = protocol.half_way(NETS, context)
    arrays: Arrays = {}
    for name, net in nets.items():
        pairs, other = measures.eigenpairs(net), nets[NETS[name]]
        own = context.stage(f"own-{name}", partial(_left, net, net, config["left"]))
        chance = context.stage(f"elsewhere-{name}", partial(_left, net, other, 1))
        measured = {
            "eigenvalues": pairs["eigenvalues"],
            "residuals": pairs["residuals"],
            "left": own["eigenvalues"],
            "left_residuals": own["residuals"],
            "elsewhere": chance["eigenvalues"],
        }
        arrays |= {f"{name}:{quantity}": value for quantity, value in measured.items()}
    active = nets["active"]
    other_images = partial(_left, active, active, 1, start=config["examples"])
    measured = context.stage("other-images", other_images)
    means = context.stage("means-frozen", partial(_means, nets["frozen"]))
    arrays |= {f"frozen:{quantity}": value for quantity, value in means.items()}
    return arrays | {"active_elsewhere:left": measured["eigenvalues"]}


def _left(of: HalfWay, other: HalfWay, top: int, start: int = 0) -> Arrays:
    """The ``top`` eigenvalues of the net's Hessian off the moments of the net ``other``."""
    return _off(of.batches(start), span(measures.moments(other)).basis, top, of.context)


def _means(of: HalfWay) -> Arrays:
    """The Hessian's eigenvalues in the span of the means alone, and the largest one off it."""
    batches = of.batches()
    basis = span({"mean": measures.moments(of)["mean"]}).basis
    inside = np.linalg.eigvalsh(basis.T @ (hessian(batches) @ basis))[::-1]
    off = _off(batches, basis, 1, of.context)
    return {"in_means": inside, "off_means": off["eigenvalues"]}


def _off(batches: Batches, basis: np.ndarray, top: int, context: Context) -> Arrays:
    """The ``top`` eigenvalues of the Hessian off the span of the columns of ``basis``."""
    products = context.config["products_left"]
    pairs = lanczos(
        context.checkpointed(projected(hessian(batches), basis), batches.weights),
        context.rng("projected"),
        top,
        products=products,
        watch=partial(track, total=products, what="projected Hessian products"),
    )
    return {"eigenvalues": pairs.values, "residuals": pairs.residuals}


def _share(name: str, eigenvalue: str = "left") -> Measure:
    """The largest eigenvalue off the span divided by the largest of the whole Hessian."""
    return lambda arrays: float(
        arrays[f"{name}:{eigenvalue}"][0] / arrays[f"{name}:eigenvalues"][0]
    )


def _ratio(above: str, below: str = "active") -> Measure:
    """The largest eigenvalue off the span of ``above`` divided by that eigenvalue of ``below``."""
    return lambda arrays: float(arrays[f"{above}:left"][0] / arrays[f"{below}:left"][0])


def _least(arrays: Arrays) -> float:
    """The smallest curvature in the span of the frozen net's means, divided by the next."""
    before, last = arrays["frozen:in_means"][-2:]
    return float(last / before)


def _no_shift(arrays: Arrays) -> float:
    """Null: the second smallest curvature in this span, divided by the next."""
    before, last = arrays["frozen:in_means"][-3:-1]
    return float(last / before)


#: Bands about the source's values, 0.18 and 0.38, 3.5 and 11, with room for small nets.
#: - Left: the null is the curvature off the moments of a net with other weights, which is nearly
#:   all curvature.
#: - Over active: the null compares other images with the first images, for the active net.
#: - Tenth mean: a shift of all outputs alike leaves the loss unchanged. The null compares the ninth
#:   curvature with the eighth.
OBSERVATIONS = (
    Observation(
        "projected_eigenvalues.frozen_left",
        says="The largest eigenvalue off the span of the moments' gradients is 0.03 to 0.5 times "
        "the largest eigenvalue of the Hessian, with batch norm frozen.",
        link="log",
        band=(0.03, 0.5),
        measure=_share("frozen"),
        null=_share("frozen", "elsewhere"),
    ),
    Observation(
        "projected_eigenvalues.none_left",
        says="The largest eigenvalue off the span of the moments' gradients is 0.1 to 0.65 times "
        "the largest eigenvalue of the Hessian, without batch norm.",
        link="log",
        band=(0.1, 0.65),
        measure=_share("none"),
        null=_share("none", "elsewhere"),
        stated="after",
        was="The share lies in (0.1, 0.8).",
        why="The commit gives no reason. The band is narrower.",
    ),
    Observation(
        "projected_eigenvalues.frozen_over_active",
        says="The largest eigenvalue off the span of the moments' gradients is 1.2 to 20 times as "
        "large with batch norm frozen as with batch norm active.",
        link="log",
        band=(1.2, 20),
        measure=_ratio("frozen"),
        null=_ratio("active_elsewhere"),
        stated="after",
        was="The quotient lies in (1.5, 20).",
        why="The commit gives no reason.",
    ),
    Observation(
        "projected_eigenvalues.none_over_active",
        says="The largest eigenvalue off the span of the moments' gradients is 3 to 150 times as "
        "large without batch norm as with batch norm active.",
        link="log",
        band=(3, 150),
        measure=_ratio("none"),
        null=_ratio("active_elsewhere"),
    ),
    Observation(
        "projected_eigenvalues.tenth_mean_is_flat",
        says="The smallest curvature in the span of the means' gradients is at most 0.1 times the "
        "next one in size, with batch norm frozen.",
        band=(-0.1, 0.1),
        measure=_least,
        null=_no_shift,
        about=(stability.class_outliers,),
        stated="after",
        why="The commit that states the band also tells the curvatures: 2.9 to 0.3, and 0.01.",
    ),
)

#: The source's 25 eigenvalues largest in absolute value, for the sum of the loss over a batch of
#: 256.
PRINTED: dict[str, tuple[float, ...]] = {
    "active": (
        115.4, 93.373, 80.5642, 75.7117, 66.8398, 58.1285, 53.4482, 51.6614, 48.7762, 47.0601,
        46.3513, 43.263, 42.6744, 40.8423, 39.6828, 38.838, 38.5553, 37.1563, 35.8443, 35.6996,
        34.3935, 34.1643, -34.8877, -41.7453, -46.3725,
    ),
    "frozen": (
        407.392, 251.546, 194.663, 191.424, 165.517, 157.023, 148.515, 144.709, 135.27, 130.253,
        128.417, 126.488, 118.369, 117.69, 114.064, 107.847, 107.053, 104.985, 101.427, 100.662,
        97.7941, 95.1335, 93.8164, 92.4163, -93.6387,
    ),
    "none": (
        1324.07, 817.417, 655.256, 541.873, 520.294, 463.218, 425.981, 404.006, 375.833, 359.295,
        339.573, 313.498, 306.931, 294.462, 274.544, 269.027, 267.358, 250.439, 247.871, 234.537,
        231.407, 228.092, 217.03, 212.128, 203.915,
    ),
}  # fmt: skip

#: The source's numbers are quotients, for nets of full width.
PUBLISHED = (
    Published("projected over whole, active", 0.902, _share("active"), compared="odds"),
    Published("projected over whole, frozen", 0.181, _share("frozen"), compared="odds"),
    Published("projected over whole, none", 0.380, _share("none"), compared="odds"),
    Published("projected, frozen over active", 3.53, _ratio("frozen")),
    Published("projected, none over active", 11.5, _ratio("none")),
)
