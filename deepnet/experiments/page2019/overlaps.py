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
from deepnet.experiments.page2019.observed import overlaps as observed
from deepnet.experiments.page2019.observed.overlaps import MOMENTS
from deepnet.experiments.page2019.shared import measures, protocol
from deepnet.experiments.page2019.shared.protocol import HalfWay, Name
from deepnet.experiments.store import Arrays

VERSION = 3
SOURCE = cite("page2019", "norm squared overlaps between the eigenvectors and our subspace")
OBSERVATIONS, PUBLISHED = observed.OBSERVATIONS, observed.PUBLISHED
#: The three nets. Each has a partner, and its eigenvectors have nothing to do with the partner's
#: moments.
NETS: dict[Name, Name] = {"active": "none", "frozen": "none", "none": "frozen"}


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
