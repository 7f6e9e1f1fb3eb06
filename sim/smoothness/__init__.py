"""Checks of the chapter ``smoothness``: derivatives to rounding, inputs built for the worst.

Losses are added up term by term and take complex numbers, so that complex steps and Cauchy's
formula give their derivatives to rounding; suprema are reached by inputs that are built, and not
exceeded by random ones; limits are fitted. None of them uses a closed form.
"""

from sim.smoothness import (
    functions,
    gradient_bound,
    weights,
    worst_weights,
    hessian,
    alignment,
    worst_inputs,
    shift,
    predictiveness,
    surfaces,
    valley,
)
