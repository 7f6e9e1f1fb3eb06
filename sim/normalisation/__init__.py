"""Checks of the chapter ``normalisation`` run batches through batch norm itself.

Derivatives are Cauchy integrals of the operation over a circle of complex moves. They are exact to
rounding and use no derivative formula. Invariances are compared output by output. Noise is drawn.
Gradients in depth are propagated through networks whose weights are drawn.
"""

from sim.normalisation import definition, jacobian, paths, invariances, noise, norms, depth
