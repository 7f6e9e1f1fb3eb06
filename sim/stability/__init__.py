"""Checks of the chapter ``stability``: small nets written out, their derivatives by complex steps.

Losses are differentiated on circles in the complex plane, Hessians are complex steps of gradients
written by hand, descents are run. None of them uses a closed form.
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
