"""Checks of the chapter ``preconditioning`` run layers example by example, in both coordinates.

Parameters are numbers in a vector, column under column. Jacobians and Hessians are differences of
functions of that vector. Gradients are complex steps. Both are exact to rounding. None uses a
closed form.
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
