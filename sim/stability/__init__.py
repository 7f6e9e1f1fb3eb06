"""Checks of the chapter ``stability`` write small nets out, with derivatives by complex steps.

Losses are differentiated on circles in the complex plane. Hessians are complex steps of gradients
that are written by hand. Descents are run. No observation uses a closed form.
"""

from sim.stability import (
    rates,
    eigenvalues,
    overlaps,
    softmax,
    flat,
    gauss_newton,
    two_weights,
    edge,
)
