"""The curvature of a layer as a Kronecker product, and what the mean of its inputs does to it.

A layer of N inputs x and n outputs W x has the weights W, one row per output. The layer's block of
the Gauss-Newton matrix is the mean over examples of xx' (x) ss', with s the loss's derivatives in
the outputs; K-FAC replaces it by A (x) S, the means of xx' and of ss'. Weights are stacked by
columns, vec(sx') = x (x) s. The inputs have mean mu and covariance Sigma, A = Sigma + mu mu'; nu =
|mu|^2 + 1.
"""

# Kronecker products
from theory.kronecker.products import product_eigenvalues, matrix_product, inverse_product

# The spectrum of large ones
from theory.kronecker.moments import product_moments, product_fluctuation
from theory.kronecker.densities import product_density

# The block of a layer and K-FAC's approximation
from theory.kronecker.layer import block, deep_linear
from theory.kronecker.errors import error, error_bound

# What a mean of the inputs does
from theory.kronecker.conditioning import uncentred, top_eigenvalue, mean_direction
from theory.kronecker.with_bias import bias, bias_condition

# How many large eigenvalues
from theory.kronecker.outliers import outlier_count
from theory.kronecker.softmax import softmax_regression
