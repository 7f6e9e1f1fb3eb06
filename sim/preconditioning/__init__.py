"""Checks of the chapter ``preconditioning``: layers run example by example, steps taken in both
coordinates.

Parameters are numbers in a vector, column under column; Jacobians and Hessians are differences of
functions of that vector, gradients complex steps, both exact to rounding. None uses a closed form.
"""

# ruff: noqa: I001, RUF022 -- the order is the reading order

from sim.preconditioning import reparametrisation
from sim.preconditioning import blocks
from sim.preconditioning import conditioning
from sim.preconditioning import steps
from sim.preconditioning import sparsity
from sim.preconditioning import invariance
from sim.preconditioning import whitening

__all__ = [
    "reparametrisation",
    "blocks",
    "conditioning",
    "steps",
    "sparsity",
    "invariance",
    "whitening",
]
