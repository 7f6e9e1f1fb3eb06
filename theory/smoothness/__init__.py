"""Smoothness: what batch norm does to the gradient and the Hessian, and what it does not.

A unit's outputs y over a batch of B examples are standardised to yhat = (y - mean)/sigma and then
z = gamma yhat + shift. g and H are the gradient and the Hessian of the loss at z. With the vector 1
of ones, C = I - 11'/B subtracts the mean, and Pi = C - yhat yhat'/B also takes out the part along
yhat. The columns of X are the inputs, and y = X'W.
"""

# Smooth functions: Lipschitz, and beta-smooth
from theory.smoothness.functions import lipschitz, beta_smoothness

# The gradient before batch norm: an identity, and a bound with eps
from theory.smoothness.gradient_bound import (
    gradient,
    gradient_norm,
    gradient_norm_with_eps,
    gradient_norm_bounds,
    energy_of_the_mean,
)

# From outputs to weights
from theory.smoothness.weights import weight_gradient, weight_hessian, weight_gradient_bounds
from theory.smoothness.worst_weights import largest_plain_gradient, largest_weight_gradient

# The Hessian before batch norm
from theory.smoothness.hessian import hessian, curvature_along_gradient
from theory.smoothness.curvature import curvature_of_outputs, negative_curvature, taylor

# The sign assumption, and where the plain gradient may stand in the bound
from theory.smoothness.alignment import (
    alignment_with_outputs,
    alignment_of_convex_loss,
    isotropic_curvature_bound,
)

# The worst inputs for the curvature
from theory.smoothness.ball import ball_of_gradients, largest_convex_curvature
from theory.smoothness.worst_inputs import largest_linear_curvature, slope_at_isotropic_inputs

# Internal covariate shift: the difference of two gradients
from theory.smoothness.shift import covariate_shift, covariate_shift_rate, one_layer

# How far a gradient can be trusted
from theory.smoothness.predictiveness import (
    gradient_predictiveness,
    fall_of_the_loss,
    effective_beta,
    effective_beta_of_small_steps,
)

# Pictures of a loss
from theory.smoothness.surfaces import (
    filter_normalised_slice,
    raw_slice,
    interpolated_loss,
    nearest_multiple,
)

# Two pictures: a valley with bumps, and the same smoothed
from theory.smoothness.valley import trap, largest_rate_in_a_bump, smoothed_valley
