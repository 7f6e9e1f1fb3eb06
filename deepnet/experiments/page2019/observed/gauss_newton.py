"""What is stated of the arrays of ``gauss_newton``: measures, nulls, observations."""

from collections.abc import Callable
from typing import Any

import numpy as np

from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.page2019.shared.protocol import NETS
from deepnet.experiments.store import Arrays
from theory import stability

#: The number of leading eigenvectors in the observations.
LEADING = 8


def _products(kind: str, extreme: Callable[[Any], Any]) -> Measure:
    """|H d| along the directions of ``kind`` divided by the mean of |H d| along random directions.

    The ``extreme`` |H d| of a net is taken, and the ``extreme`` quotient of the three nets.
    """

    def measure(arrays: Arrays) -> float:
        ratios = [
            extreme(arrays[f"{name}:product:{kind}"]) / arrays[f"{name}:product:anywhere"].mean()
            for name in NETS
        ]
        return float(extreme(ratios))

    return measure


def _share(name: str) -> Measure:
    """The mean of v'Gv/v'Hv over the LEADING first eigenvectors v of H, after training."""

    def measure(arrays: Arrays) -> float:
        along = arrays[f"{name}:along"][:LEADING]
        return float(np.mean(along / arrays[f"{name}:eigenvalues"][: len(along)]))

    return measure


def _before_training(name: str) -> Measure:
    """The mean of v'Gv/v'Hv over the leading eigenvectors v of H before training."""
    return lambda arrays: float(arrays[f"{name}:shares_before"].mean())


MEASURED = "The runs before the statement had measured the share."
#: - Alike: flat up to rounding in float32, 6e-8, with room for the sums over images and layers. The
#:   null moves the weights of one class alone.
#: - Sum of the gradients of the mean outputs: not flat, though the source says that it is. The null
#:   is a flat direction.
#: - Outliers: their curvature is that of Gauss-Newton to within a fourth. The null is the same net
#:   before training, when the residual bends the loss more. For frozen it is the active net.
OBSERVATIONS = (
    Observation(
        "gauss_newton.alike_is_flat",
        says="The Hessian times a direction that moves the weights of all classes alike is at "
        "most 1e-5 times as long as the Hessian times a random direction.",
        exact=True,
        band=(0, 1e-5),
        measure=_products("alike", np.max),
        null=_products("apart", np.max),
        about=(stability.flat_directions,),
    ),
    Observation(
        "gauss_newton.sum_of_means_is_not",
        says="The Hessian times the unit vector of the mean outputs' summed gradients is at least "
        "0.1 times as long as the Hessian times a random unit vector.",
        link="log",
        band=(0.1, 1e4),
        measure=_products("shift", np.min),
        null=_products("alike", np.max),
        about=(stability.common_shift_curvature,),
    ),
    Observation(
        "gauss_newton.outliers_active",
        says="The Gauss-Newton curvature along a leading eigenvector is on average 0.75 to 1.25 "
        "times the Hessian's, in the net with batch norm.",
        link="log",
        band=(0.75, 1.25),
        measure=_share("active"),
        null=_before_training("active"),
        stated="after",
        why=MEASURED,
    ),
    Observation(
        "gauss_newton.outliers_frozen",
        says="The Gauss-Newton curvature along a leading eigenvector is on average 0.75 to 1.25 "
        "times the Hessian's, in the net whose batch norm is frozen.",
        link="log",
        band=(0.75, 1.25),
        measure=_share("frozen"),
        null=_before_training("active"),
        stated="after",
        was="The share lies in (0.8, 1.2). The null is the share along the residual's eigenvector.",
        why="The commit gives no reason.",
    ),
    Observation(
        "gauss_newton.outliers_none",
        says="The Gauss-Newton curvature along a leading eigenvector is on average 0.75 to 1.25 "
        "times the Hessian's, in the net without batch norm.",
        link="log",
        band=(0.75, 1.25),
        measure=_share("none"),
        null=_before_training("none"),
        stated="after",
        why=MEASURED,
    ),
)
