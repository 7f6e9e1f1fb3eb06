"""A layer's exact block of the Gauss-Newton matrix, from its root.

The block of n examples with c outputs each is Z'Z, and Z has n c rows. A row is the gradient in the
layer's weights along one column of a root of the loss's Hessian in the outputs (``probes``, exact).
The rows are kept, so that a product costs two passes over them, whatever the net. ``gauss_newton``
of one layer is an equal matrix that keeps no rows.
"""

from typing import Any

import numpy as np

from deepnet.backend import array_module
from deepnet.curvature.batches import Batches
from deepnet.curvature.kfac import flattened, named
from deepnet.curvature.layers import inputs, slopes
from deepnet.curvature.operators import Symmetric
from deepnet.curvature.probes import mixed, probes
from deepnet.tape import Linearised

Array = Any


class Gram(Symmetric):
    """The matrix Z'Z from its ``rows`` Z (m, size)."""

    def __init__(self, rows: Array) -> None:
        self.rows = rows
        super().__init__(rows.dtype, (rows.shape[1], rows.shape[1]))

    def multiply(self, columns: Array) -> Array:
        """See ``Symmetric``."""
        return self.rows.T @ (self.rows @ columns)

    def to_device(self, host: np.ndarray) -> Array:
        """See ``Symmetric``."""
        return array_module(self.rows).asarray(host, dtype="float64")


def exact_block(batches: Batches, layer: str) -> Gram:
    """The diagonal block of the Gauss-Newton matrix that belongs to one layer, exact to rounding.

        G_layer = Z'Z,    Z: the rows R_i'J_i/n^(1/2) of all n examples i

    J_i is the Jacobian of example i's c outputs in the layer's weights. R_i is a root of the
    Hessian of its loss in the outputs, R_i R_i' = H_i. Nothing is sampled. The operator keeps Z,
    which is n c size numbers. Where an active batch norm mixes the examples of a batch, their
    Jacobians are taken together.

    Args:
        batches: The mean loss, whose problem has a loss that is convex in the outputs.
        layer: The name of the layer's weight, such as "dense1". Its bias, where it has one, belongs
            to the block.

    Returns:
        A SciPy ``LinearOperator`` (size, size), where size is the number of weights and biases of
        the layer, in flat order.

    Raises:
        ValueError: The net has no such layer, or two of its layers share a weight.

    Reference:
        martens2020

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> (exact_block(batches, "dense1") @ np.eye(2)).round(12).tolist()
        [[0.5, 0.0], [0.0, 2.0]]
    """
    rows = [(share / len(part.outputs)) ** 0.5 * _rows(part, layer) for share, part in batches]
    return Gram(array_module(rows[0]).concatenate(rows))


def _rows(part: Linearised, layer: str) -> Array:
    """The rows of Z for one batch's mean loss, times n^(1/2): (n c, size)."""
    recorded, together = named(part, layer), mixed(part)
    x, rows = inputs(part, recorded), []
    for u in probes(part, "exact"):
        (s,) = slopes(part, [recorded], u)
        gradients = s.transpose(0, 2, 1) @ x  # of each example
        if together:  # they answer to one output
            gradients = gradients.sum(0, keepdims=True)
        rows.append(flattened(gradients, recorded.bias is not None))
    return array_module(x).concatenate(rows)
