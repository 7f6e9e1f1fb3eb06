"""The hidden decay of the learning rate under batch norm.

A unit's weights W before batch norm may be rescaled without changing the loss, J(W) = f(W/|W|).
The gradient is then orthogonal to W, every step makes W longer, and a longer W turns less: at the
learning rate eta the direction moves at the effective rate eta/|W|^2. Weight decay, schedules and
preconditioners are judged by what they do to it.
"""

# ruff: noqa: I001, RUF022 -- the order is the reading order, in which theory.claims() lists them

# Gradient and Hessian of a loss that does not see the length of the weights
from theory.invariance.homogeneity import (
    homogeneity,
    gradient,
    hessian,
    radial_curvature,
    indefiniteness,
)

__all__ = [
    "homogeneity",
    "gradient",
    "hessian",
    "radial_curvature",
    "indefiniteness",
]
