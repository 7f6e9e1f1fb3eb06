"""Signal propagation: what a random deep network computes before it is trained.

A layer with N inputs has independent weights of variance 2/N (He) and no biases. ReLU follows each
layer unless a claim says otherwise. First one unit, one layer and two inputs, then depth.
"""

# One unit
from theory.propagation.rectified import rectified_moments, rectified_mean_slopes

# One layer
from theory.propagation.initialisation import he_initialisation, channel_means, total_variance

# Two inputs
from theory.propagation.correlation import (
    arc_cosine,
    both_active,
    correlation_bounds,
    correlation_near_one,
)

# Depth
from theory.propagation.depth import between_share, within_decay
from theory.propagation.classes import same_class

# Without ReLU
from theory.propagation.linear import linear_channel_variances, product_moments, product_edge

# With shortcuts
from theory.propagation.shortcuts import shortcut_correlation, shortcut_stretches

# Finite width
from theory.propagation.widths import mean_square_moments

# A mean that is taken away: shift and scale
from theory.propagation.shift_and_scale import (
    shifted_mean_square,
    shifted_drift,
    shifted_correlation,
    shifted_gradient,
)

# Pooling, and what reaches the classifier
from theory.propagation.pooling import max_of_four, pooled_moments
from theory.propagation.classifier import classifier_share
