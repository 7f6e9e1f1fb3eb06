"""Curvature of a loss over a data set: operators, their eigenpairs, and what these point at."""

# what curvature is taken of
from deepnet.curvature.batches import Batches

# a layer's block, exact and as a Kronecker product
from deepnet.curvature.exact_block import exact_block
from deepnet.curvature.kfac import kfac

# eigenpairs
from deepnet.curvature.lanczos import Eigenpairs, lanczos

# the directions that move the outputs' moments
from deepnet.curvature.moments import Span, moment_gradients, span

# matrices that one multiplies by
from deepnet.curvature.operators import gauss_newton, hessian, projected

# how much of a vector lies in a subspace
from deepnet.curvature.overlaps import chance, shares, squared_overlaps

__all__ = [
    "Batches",
    "Eigenpairs",
    "Span",
    "chance",
    "exact_block",
    "gauss_newton",
    "hessian",
    "kfac",
    "lanczos",
    "moment_gradients",
    "projected",
    "shares",
    "span",
    "squared_overlaps",
]
