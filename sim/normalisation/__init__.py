"""Checks of the chapter ``normalisation``: batches run through batch norm itself.

Derivatives are Cauchy integrals of the operation over a circle of complex moves, which are exact to
rounding and use no derivative formula; invariances are compared output by output; noise is drawn,
and gradients in depth are propagated through networks whose weights are drawn.
"""

from sim.normalisation import definition, jacobian, paths, invariances, noise, norms, depth
