"""Checks of the chapter ``smoothness``: derivatives to rounding, inputs built for the worst.

Losses are added up term by term and take complex numbers, so that complex steps and Cauchy's
formula give their derivatives to rounding; suprema are reached by inputs that are built, and not
exceeded by random ones; limits are fitted. None of them uses a closed form.
"""

# ruff: noqa: I001, RUF022 -- the order is the reading order

from sim.smoothness import functions
from sim.smoothness import gradient_bound
from sim.smoothness import weights
from sim.smoothness import hessian
from sim.smoothness import alignment
from sim.smoothness import worst_inputs
from sim.smoothness import shift
from sim.smoothness import predictiveness
from sim.smoothness import surfaces
from sim.smoothness import valley

__all__ = [
    "functions",
    "gradient_bound",
    "weights",
    "hessian",
    "alignment",
    "worst_inputs",
    "shift",
    "predictiveness",
    "surfaces",
    "valley",
]
