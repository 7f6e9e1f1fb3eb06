"""Preconditioning a layer by the statistics of its inputs.

A layer maps inputs x of mean mu and covariance Sigma = LL' to Wl x + bl; theta = vec [Wl bl].
Standardised inputs L^-1 (x - mu) have the parameters theta~ = R^-1 theta; this R is the source's
letter, not the second-moment matrix of the other chapters. Descent in theta~ is descent in theta
preconditioned by RR', whose inverse is Abar (x) I, the Hessian of the squared loss; Abar is the
second-moment matrix of (x, 1).
"""

# Standardised inputs, and the parameters that go with them
from theory.preconditioning.reparametrisation import standardising, coordinates

# The preconditioner, its inverse and what it undoes
from theory.preconditioning.blocks import (
    blocks_of_preconditioner,
    blocks_of_inverse,
    determinant,
)
from theory.preconditioning.hessian import layer_hessian

# What it leaves of the condition number
from theory.preconditioning.conditioning import standardised_hessian
from theory.preconditioning.old_mean import outdated_mean

# What it leaves of the loss
from theory.preconditioning.descent import excess_loss

# The step, back in the old coordinates
from theory.preconditioning.steps import step

# What is quasi-diagonal
from theory.preconditioning.sparsity import quasi_diagonal

# Which steps do not see how a layer is written
from theory.preconditioning.invariance import layer_invariance, unit_invariance, plain_descent

# Which factor of the covariance, and variances alone
from theory.preconditioning.whitening import any_factor, variances_only

# How badly conditioned the correlations are
from theory.preconditioning.correlations import correlation_bounds
