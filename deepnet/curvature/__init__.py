"""Curvature of a loss over a data set: operators, their eigenpairs, densities and traces."""

# what curvature is taken of
from deepnet.curvature.batches import Batches

# products that outlive a killed process
from deepnet.curvature.checkpoint import checkpointed

# the density of eigenvalues
from deepnet.curvature.density import Density, density, histogram

# the gradient in the leading eigenvectors
from deepnet.curvature.dominant import DominantShares, batch_gradients, dominant_shares

# a layer's block, exact and as a Kronecker product
from deepnet.curvature.exact_block import exact_block

# the kernel that smooths a density
from deepnet.curvature.kernel import grid, kernel_variance, share_of_range
from deepnet.curvature.kfac import kfac

# eigenpairs
from deepnet.curvature.lanczos import Eigenpairs, lanczos

# the directions that move the outputs' moments
from deepnet.curvature.moments import Span, moment_gradients, span

# matrices that one multiplies by
from deepnet.curvature.operators import gauss_newton, hessian, projected

# how much of a vector lies in a subspace
from deepnet.curvature.overlaps import chance, shares, squared_overlaps

# traces of functions of a matrix
from deepnet.curvature.quadrature import Integral, Quadrature, quadrature
from deepnet.curvature.repeated import repeated
from deepnet.curvature.trace import trace

__all__ = [
    "Batches",
    "Density",
    "DominantShares",
    "Eigenpairs",
    "Integral",
    "Quadrature",
    "Span",
    "batch_gradients",
    "chance",
    "checkpointed",
    "density",
    "dominant_shares",
    "exact_block",
    "gauss_newton",
    "grid",
    "hessian",
    "histogram",
    "kernel_variance",
    "kfac",
    "lanczos",
    "moment_gradients",
    "projected",
    "quadrature",
    "repeated",
    "share_of_range",
    "shares",
    "span",
    "squared_overlaps",
    "trace",
]
