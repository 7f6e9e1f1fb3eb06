"""Batch norm as an operation on the outputs y of one unit over a batch of B examples.

BN(y) = (y - mean)/s with s^2 = variance + eps, where the variance is the mean squared deviation.
A learnt scale gamma and a learnt shift follow where they are named. yhat is BN(y) at eps = 0. With
the vector 1 of ones, C = I - 11'/B subtracts the mean, and Pi = C - yhat yhat'/B also takes out the
part along yhat.
"""

# What it does to a batch, and how it is undone or folded away
from theory.normalisation.definition import (
    standardisation,
    affine_invariance,
    idempotence,
)
from theory.normalisation.folding import undoing, frozen_folding

# Its derivatives
from theory.normalisation.jacobian import jacobian, gradient_orthogonality
from theory.normalisation.directions import jacobian_rank, jacobian_eigenvalues

# The paths that the gradient takes, and what they do to the weights' gradient
from theory.normalisation.paths import paths, centring_gradient, weight_gradient

# What it does not see, and where that ends
from theory.normalisation.invariances import (
    weight_rescaling,
    input_invariance,
    feature_rescaling,
)
from theory.normalisation.homogeneity import homogeneity

# The noise of a batch
from theory.normalisation.noise import output_moments, output_density, deviation_moments

# Other norms
from theory.normalisation.norms import power_norm, power_norm_gradient

# How far outputs and deviations reach
from theory.normalisation.extremes import samuelson, largest_deviation

# Many layers
from theory.normalisation.depth import explosion_linear, explosion_relu
