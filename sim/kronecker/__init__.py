"""Checks of the chapter ``kronecker``: blocks entry by entry, Hessians by differences of the loss.

Kronecker products are written out block by block, curvatures are second differences (exact for a
quadratic loss, at any step) or derivatives of a gradient by a complex step, inputs are examples
whose mean and covariance are exactly those stated. None of them uses a closed form.
"""

# ruff: noqa: I001, RUF022 -- the order is the reading order

from sim.kronecker import products
from sim.kronecker import densities
from sim.kronecker import layer
from sim.kronecker import conditioning
from sim.kronecker import outliers

__all__ = ["products", "densities", "layer", "conditioning", "outliers"]
