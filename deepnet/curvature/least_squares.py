"""Linear least squares: a problem whose curvature is known, for the examples of this folder.

The net is linear, z = x w, and the targets are zero, so that with n examples in the rows of x

    L(w) = |x w|^2/(2n),    gradient x'x w/n,    Hessian x'x/n.
"""

import numpy as np

from deepnet import ops
from deepnet.curvature.batches import Batches
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import NoNorm
from deepnet.problem import Problem


def least_squares(x: np.ndarray, w: np.ndarray) -> Batches:
    """The loss above at the weights ``w`` (k,), over the single batch ``x`` (n, k).

    >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
    >>> batches.loss(), batches.gradient().tolist()
    (9.25, [0.5, 6.0])
    """
    problem = Problem(mlp([x.shape[1], 1]), NoNorm(), ops.mean_squared_error)
    return Batches(problem, {"dense1": w[None]}, [(x, np.zeros((len(x), 1)))])
