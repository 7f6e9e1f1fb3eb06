"""The leading eigenvectors of the loss's Hessian lie nearly wholly in the span of certain
gradients, if batch norm is frozen or absent. They are the gradients of the outputs' means,
variances and third moments.

In the source, the first nine eigenvectors of the net with frozen batch norm lie in the span of the
means alone. At probabilities that are alike for all images, the outliers belong to the means, and
their number is one below the number of classes (stability.class_outliers). At width 1/8, half-way
on 5,000 images of CIFAR-10, two thirds of the images are right. The means hold 0.71 to 0.96 of each
of the first eight eigenvectors there, and a gap of 1.9 follows. Of the generated textures 96 per
cent are right by then. The means hold 0.23 to 0.41 of each, and there is no gap. After the first
epoch, at 66 per cent, they held 0.62 to 0.93 of the first five. Why the textures differ is open. On
either data, all fifteen eigenvectors together hold nine of the means' ten dimensions, and not the
tenth.

With batch norm active, the source's share of 0.71 is no rule, and has no band. The share is 0.70
for the textures, 0.32 for CIFAR-10, and 0.29 for textures with shuffled labels.
"""

from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.curvature import shares, span, squared_overlaps
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation, Published
from deepnet.experiments.page2019.shared import measures, protocol
from deepnet.experiments.page2019.shared.protocol import HalfWay, Name
from deepnet.experiments.store import Arrays
from theory import stability

VERSION = 3
SOURCE = cite("page2019", "norm squared overlaps between the eigenvectors and our subspace")
MOMENTS = ("mean", "variance", "third")
#: The three nets. Each has a partner, and its eigenvectors have nothing to do with the partner's
#: moments.
NETS: dict[Name, Name] = {"active": "none", "frozen": "none", "none": "frozen"}
#: The number of leading eigenvectors in the observations: one less than the source's outliers.
LEADING = 8


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of ``measures.configuration``: ``top`` eigenpairs from ``products`` products."""
    return measures.configuration(scale)


def run(context: Context) -> Arrays:
    """Measure how much of each leading eigenvector lies in the span of the moments' gradients.

    For the nets active, frozen and none:
    - ``eigenvalues`` are the leading eigenvalues of the Hessian, and ``certain`` says whether none
      is missing.
    - ``mean``, ``variance`` and ``third`` (eigenvectors,) are shares of each eigenvector's squared
      length. They are the share of the means, and the shares that the variances and then the third
      moments add.
    - ``elsewhere`` (eigenvectors,) is the share that lies in the span of all moments of another
      net.
    - ``angles`` (moments, classes) are the squared ``cosines`` between the span of the eigenvectors
      and the span of each moment's gradients alone.
    - ``span`` (2,) holds the number of parameters and the number of dimensions of all moments.
    - ``training_accuracy`` is the accuracy on the batch of the last step.
    """
    nets = protocol.half_way(NETS, context)
    arrays: Arrays = {}
    for name, net in nets.items():
        pairs, moments = measures.eigenpairs(net), measures.moments(net)
        vectors, whole = pairs["vectors"].astype(float), span(moments)
        elsewhere = span(measures.moments(nets[NETS[name]]))
        measured = shares(vectors, whole) | {
            "eigenvalues": pairs["eigenvalues"],
            "certain": pairs["certain"],
            "elsewhere": squared_overlaps(vectors, elsewhere.basis),
            "angles": np.stack([cosines(vectors, moments[moment]) for moment in MOMENTS]),
            "span": np.array(whole.basis.shape),
            "training_accuracy": np.array(_accuracy(net)),
        }
        arrays |= {f"{name}:{quantity}": value for quantity, value in measured.items()}
    return arrays


def _accuracy(of: HalfWay) -> float:
    """The accuracy on the batch of the last training step, before this step."""
    return float(of.net.state.records["accuracy"][-1])


def cosines(vectors: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """Squared cosines of the principal angles between two subspaces, in descending order.

    The first subspace is spanned by the orthonormal columns ``vectors`` (n, m), the second by the
    rows ``gradients`` (k, n), k <= m. A dimension of the second subspace has the cosine 1 if it
    lies in the first, and 0 if it is orthogonal to the first.
    """
    basis = span({"alone": gradients}).basis
    return np.linalg.svd(basis.T @ vectors, compute_uv=False) ** 2


def within(arrays: Arrays, name: str) -> np.ndarray:
    """The squared overlap of each eigenvector with the gradients of all moments."""
    return np.sum([arrays[f"{name}:{moment}"] for moment in MOMENTS], axis=0)


def _mean(name: str, *moments: str) -> Measure:
    """The sum of the shares of ``moments``: the mean over the LEADING first eigenvectors."""
    return lambda arrays: float(
        sum(arrays[f"{name}:{moment}"][:LEADING].mean() for moment in moments)
    )


def _outliers(name: str) -> Measure:
    """The number of outliers among the first nine eigenvectors.

    An outlier has more than half of its squared length in the span of all moments' gradients.
    """
    return lambda arrays: float(np.sum(within(arrays, name)[: LEADING + 1] > 0.5))


def _outliers_elsewhere(name: str) -> Measure:
    """Null: the number of such outliers for the span of another net's moments."""
    return lambda arrays: float(np.sum(arrays[f"{name}:elsewhere"][: LEADING + 1] > 0.5))


def _most_elsewhere(name: str) -> Measure:
    """The largest overlap of a leading eigenvector with the moments of another net."""
    return lambda arrays: float(arrays[f"{name}:elsewhere"][:LEADING].max())


def _last(name: str, moment: str) -> Measure:
    """The smallest squared cosine of the ``moment``'s gradients divided by the second smallest."""

    def measure(arrays: Arrays) -> float:
        before, last = arrays[f"{name}:angles"][MOMENTS.index(moment)][-2:]
        return float(last / before)

    return measure


def _many(name: str) -> Measure:
    """The number of eigenvectors with more than half of their squared length in the means' span."""
    return lambda arrays: float(np.sum(arrays[f"{name}:mean"] > 0.5))


def _dimensions(name: str) -> Measure:
    """The number of dimensions of the means' span that the eigenvectors hold: sum of overlaps."""
    return lambda arrays: float(np.sum(arrays[f"{name}:mean"]))


SHARES = "The commit that states the band also tells measured shares."
#: - Outliers, frozen: all nine lie in the span. In the source 0.98 of each does. Small nets have no
#:   gap after the ninth, so that one of the nine may belong to the bulk, and a single one may have
#:   no more than 0.77 in the span. The null are the moments of another net, which has the same
#:   initial weights and data.
#: - Moments, none: most of a leading eigenvector on average. The null is again another net.
#: - Nine of ten: the eigenvectors hold all but one direction of the means' span. A shift of all
#:   outputs does not bend the loss. The null are the variances. None of their ten directions is
#:   like that.
#: - There is no band for the net with active batch norm: see above.
OBSERVATIONS = (
    Observation(
        "overlaps.outliers_frozen",
        says="At least eight of the first nine eigenvectors have over half of their squared "
        "length in the span of the moments' gradients, with batch norm frozen.",
        band=(LEADING, LEADING + 1),
        measure=_outliers("frozen"),
        null=_outliers_elsewhere("frozen"),
        stated="after",
        was="Of each of the first eight at least 0.8 lies in the span of all moments.",
        why="The least share varies from 0.77 to 0.99 over seeds.",
    ),
    Observation(
        "overlaps.moments_none",
        says="The span of the moments' gradients holds at least half of the squared length of a "
        "leading eigenvector on average, without batch norm.",
        link="logit",
        band=(0.5, 1),
        measure=_mean("none", *MOMENTS),
        null=_most_elsewhere("none"),
        stated="after",
        why=SHARES,
    ),
    Observation(
        "overlaps.nine_of_ten_frozen",
        says="The smallest squared cosine between the eigenvectors' span and the means' span is "
        "at most 0.1 times the next one, with batch norm frozen.",
        link="log",
        band=(0, 0.1),
        measure=_last("frozen", "mean"),
        null=_last("frozen", "variance"),
        about=(stability.class_outliers,),
        stated="after",
        why=SHARES,
    ),
)

#: The source's squared overlaps of each eigenvector with all three moments.
PRINTED: dict[str, tuple[float, ...]] = {
    "active": (
        0.187, 0.687, 0.413, 0.864, 0.893, 0.899, 0.903, 0.833, 0.607, 0.679, 0.368, 0.916, 0.676,
        0.857, 0.233, 0.325, 0.234, 0.282, 0.213, 0.351, 0.192, 0.214, 0.316, 0.187, 0.000677,
    ),
    "frozen": (
        0.99, 0.991, 0.99, 0.985, 0.984, 0.984, 0.982, 0.988, 0.986, 0.697, 0.354, 0.617, 0.607,
        0.46, 0.547, 0.575, 0.134, 0.338, 0.201, 0.16, 0.24, 0.172, 0.218, 0.0798, 0.1,
    ),
    "none": (
        0.952, 0.962, 0.964, 0.966, 0.881, 0.857, 0.947, 0.819, 0.948, 0.941, 0.799, 0.385, 0.437,
        0.414, 0.425, 0.305, 0.301, 0.258, 0.269, 0.133, 0.225, 0.213, 0.232, 0.346, 0.0817,
    ),
}  # fmt: skip

TEXTURES = "on textures the means hold less than on real images, for a reason that is open"
PUBLISHED = (
    Published("more than half in the means' span, frozen", 9, _many("frozen"), why=TEXTURES),
    Published("more than half in the means' span, none", 10, _many("none"), why=TEXTURES),
    Published("dimensions of the means' span held, frozen", 8.01, _dimensions("frozen")),
    Published(
        "means' share of v1 to v8, frozen",
        0.836,
        _mean("frozen", "mean"),
        why=TEXTURES,
        compared="odds",
    ),
    Published(
        "variances' share of v1 to v8, frozen", 0.107, _mean("frozen", "variance"), compared="odds"
    ),
    Published(
        "third moments' share of v1 to v8, frozen",
        0.0439,
        _mean("frozen", "third"),
        compared="odds",
    ),
    Published(
        "all moments' share of v1 to v8, active", 0.710, _mean("active", *MOMENTS), compared="odds"
    ),
    Published(
        "all moments' share of v1 to v8, frozen", 0.987, _mean("frozen", *MOMENTS), compared="odds"
    ),
    Published(
        "all moments' share of v1 to v8, none", 0.918, _mean("none", *MOMENTS), compared="odds"
    ),
)
