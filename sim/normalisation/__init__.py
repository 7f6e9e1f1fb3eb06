"""Checks of the chapter ``normalisation``: batches run through batch norm itself.

Derivatives are Cauchy integrals of the operation over a circle of complex moves, which are exact to
rounding and use no derivative formula; invariances are compared output by output; noise is drawn,
and gradients in depth are propagated through networks whose weights are drawn.
"""

# ruff: noqa: I001, RUF022 -- the order is the reading order

from sim.normalisation import definition
from sim.normalisation import jacobian
from sim.normalisation import paths
from sim.normalisation import invariances
from sim.normalisation import noise
from sim.normalisation import norms
from sim.normalisation import depth

__all__ = ["definition", "jacobian", "paths", "invariances", "noise", "norms", "depth"]
