"""Checks of the chapter ``stability``: small nets written out, their derivatives by complex steps.

Losses are differentiated on circles in the complex plane, Hessians are complex steps of gradients
written by hand, descents are run. None of them uses a closed form.
"""

# ruff: noqa: I001, RUF022 -- the order is the reading order

from sim.stability import rates
from sim.stability import eigenvalues
from sim.stability import overlaps
from sim.stability import softmax
from sim.stability import gauss_newton
from sim.stability import edge

__all__ = ["rates", "eigenvalues", "overlaps", "softmax", "gauss_newton", "edge"]
