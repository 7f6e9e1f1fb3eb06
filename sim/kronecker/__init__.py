"""Checks of the chapter ``kronecker``: blocks entry by entry, Hessians by differences of the loss.

Kronecker products are written out block by block, curvatures are second differences (exact for a
quadratic loss, at any step) or derivatives of a gradient by a complex step, inputs are examples
whose mean and covariance are exactly those stated. None of them uses a closed form.
"""

from sim.kronecker import products, densities, layer, conditioning, with_bias, outliers
