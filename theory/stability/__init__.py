"""Stability: the rates a loss allows, its Hessian's leading eigenvalues, where they come from.

Hess is the Hessian of a training loss in a net's P parameters, and M is the number of classes. The
outputs are the net's values before softmax, and p are the probabilities after softmax. The largest
rates on a quadratic loss, with momentum and without, are in the chapter ``quadratic``.
"""

# Rates, beyond the quadratic
from theory.stability.rates import growth_per_step, two_steps_at_the_largest_rate

# Leading eigenvalues from products with the Hessian
from theory.stability.power import power_method, power_method_rate
from theory.stability.eigenvalues import ritz_values, projected_curvature

# What chance does: random overlaps, and steps in random directions
from theory.stability.overlaps import random_overlap, overlap_tail
from theory.stability.gain import perturbation_gain

# Softmax: curvature in the outputs, flat directions
from theory.stability.softmax import output_hessian, hessian_product
from theory.stability.flat import flat_directions, common_shift_curvature

# Where the outliers come from
from theory.stability.gauss_newton import curvature_split, gauss_newton_rank
from theory.stability.outliers import class_outliers

# The edge of stability
from theory.stability.two_weights import imbalance, sharpness_of_flow, sharpness_found
from theory.stability.edge import edge_of_stability, edge_with_momentum
