"""Preconditioning a layer by the statistics of its inputs.

A layer maps inputs x of mean mu and covariance Sigma = LL' to Wl x + bl; theta = vec [Wl bl].
Standardised inputs L^-1 (x - mu) have the parameters theta~ = R^-1 theta. Descent in theta~ is
descent in theta preconditioned by RR', whose inverse is Abar (x) I, the Hessian of the squared
loss; Abar is the second-moment matrix of (x, 1).
"""

# ruff: noqa: I001, RUF022 -- the order is the reading order, in which theory.claims() lists them

# Standardised inputs, and the parameters that go with them
from theory.preconditioning.reparametrisation import standardising, coordinates

# The preconditioner, its inverse and what it undoes
from theory.preconditioning.blocks import (
    blocks_of_preconditioner,
    blocks_of_inverse,
    determinant,
    layer_hessian,
)

__all__ = [
    "standardising",
    "coordinates",
    "blocks_of_preconditioner",
    "blocks_of_inverse",
    "determinant",
    "layer_hessian",
]
