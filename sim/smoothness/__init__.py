"""Checks of the chapter ``smoothness`` take derivatives to rounding, and build the worst inputs.

Losses are added up term by term and take complex numbers. Complex steps and Cauchy's formula thus
give their derivatives to rounding. Suprema are reached by inputs that are built, and random inputs
do not exceed them. Limits are fitted. No observation uses a closed form.
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
