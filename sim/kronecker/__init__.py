"""Checks of the chapter ``kronecker`` build blocks entry by entry, and Hessians by differences.

Kronecker products are written out block by block. Curvatures are second differences (exact for a
quadratic loss, at any step), or derivatives of a gradient by a complex step. Inputs are examples
that have exactly the stated mean and covariance. No observation uses a closed form.
"""

from sim.kronecker import products, densities, layer, conditioning, with_bias, outliers
