"""Gradient descent on the quadratic loss of one linear neuron.

E(W) = 1/(2p) sum_u (Y_u - W.X_u)^2 with X of N x p, one example per column. R = XX'/p is the
second-moment matrix of the inputs; Q = XY/p is a source's letter. W* is a minimum, R W* = Q.
lambda_max is the largest eigenvalue of R, lambda_min the smallest and lambda_min+ the smallest that
is not zero; kappa = lambda_max/lambda_min+.
"""

# The surface: a quadratic form with the same curvature everywhere
from theory.quadratic.surface import (
    form,
    gradient,
    hessian,
    directional_curvature,
    curvature_bounds,
)

# Its minima, and the principal axes around them
from theory.quadratic.minima import solution_set, minimum, rotation, diagonal_energy

# Descent along one eigenvector
from theory.quadratic.modes import decay, regimes, time_constant, time_constant_bounds

# The largest rate, with momentum and without
from theory.quadratic.stability import (
    max_rate,
    max_rate_heavy_ball,
    max_rate_nesterov,
    max_rate_ema,
)

# How fast at 1/lambda_max
from theory.quadratic.speed import isotropic_one_step, slowest_mode

# How fast at best
from theory.quadratic.best_rates import optimal_rate, optimal_heavy_ball, iterations

# What learning rates over the number of inputs do
from theory.quadratic.fan_in import rate_over_inputs
