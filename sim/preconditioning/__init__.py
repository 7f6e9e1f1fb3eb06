"""Checks of the chapter ``preconditioning``: layers run example by example, steps taken in both
coordinates.

Parameters are numbers in a vector, column under column; Jacobians and Hessians are differences of
functions of that vector, gradients complex steps, both exact to rounding. None uses a closed form.
"""

from sim.preconditioning import (
    reparametrisation,
    blocks,
    conditioning,
    steps,
    sparsity,
    invariance,
    whitening,
)
