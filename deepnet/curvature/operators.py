"""Curvature is something you multiply by: the Hessian, the Gauss-Newton matrix, their parts.

All are symmetric ``scipy.sparse.linalg.LinearOperator``s on weights in flat order (see
``deepnet.vectors``), of the mean loss over ``Batches``: products are computed in the precision of
the weights, which is the operator's dtype, and added up over the batches in float64. With batch
norm in the mode active they are the mean of the matrices of the batches, each with its own
statistics.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from deepnet.backend import array_module, on_host, to_host
from deepnet.curvature.batches import Batches
from deepnet.ops.gpu.graphs import Captured, asked
from deepnet.tape import Linearised
from deepnet.vectors import Shapes, from_vector, to_vector

Array = Any


class Symmetric(LinearOperator):
    """A symmetric operator whose products are computed where its arrays are.

    There ``multiply`` takes and returns float64 columns (n, k), and there ``to_device`` brings host
    arrays. As a SciPy operator it takes and returns NumPy arrays.
    """

    def multiply(self, columns: Array) -> Array:
        """The operator times each of the ``columns``, (n, k)."""
        raise NotImplementedError

    def to_device(self, host: np.ndarray) -> Array:
        """A host array in float64 where the operator's arrays are."""
        raise NotImplementedError

    def _matmat(self, columns: np.ndarray) -> np.ndarray:
        return to_host(self.multiply(self.to_device(columns)))

    def _adjoint(self) -> "Symmetric":
        return self


class Curvature(Symmetric):
    """The mean over batches of a product that ``Linearised`` has: ``hvp`` or ``ggn``.

    ``layers`` names the weights whose diagonal block it is (None: all weights).
    """

    def __init__(self, batches: Batches, product: str, layers: Sequence[str] | None = None) -> None:
        known = batches.problem.net.shapes
        unknown = [layer for layer in layers or () if layer not in known]
        if unknown or layers == []:
            raise ValueError(f"no layers {unknown} in the net; it has {', '.join(known)}")
        self.batches, self.product = batches, product
        #: In the net's order, which is that of the block's rows.
        self.shapes = {name: shape for name, shape in known.items() if name in (layers or known)}
        self._like = next(iter(batches.weights.values()))
        self._captures = not on_host(self._like) and asked()
        #: By batch; they die with the operator, before the passes that they read.
        self._graphs: dict[int, Captured] = {}
        size = sum(int(np.prod(shape)) for shape in self.shapes.values())
        super().__init__(self._like.dtype, (size, size))

    def multiply(self, columns: Array) -> Array:
        """H times each of the ``columns``: batches without, so that each is linearised once."""
        xp = array_module(columns)
        total = xp.zeros(columns.shape)
        for index, (share, part) in enumerate(self.batches):
            times = self._of(index, part)
            for k in range(columns.shape[1]):
                total[:, k] += share * times(columns[:, k])
        return total

    def _of(self, index: int, part: Linearised) -> Callable[[Array], Array]:
        """The product of a column with the matrix of one batch: a graph where it is kept."""
        times = partial(_product, part, self.product, self.shapes, self.dtype)
        if not self._captures or index >= self.batches.keep:
            return times
        return self._graphs.setdefault(index, Captured(times))

    def to_device(self, host: np.ndarray) -> Array:
        """See ``Symmetric``."""
        return array_module(self._like).asarray(host, dtype="float64")


def _product(part: Linearised, product: str, shapes: Shapes, dtype: Any, column: Array) -> Array:
    """The ``product`` of ``part`` with a ``column`` in flat order, of and for the ``shapes``."""
    weights = getattr(part, product)(from_vector(column.astype(dtype), shapes))
    return to_vector({name: weights[name] for name in shapes})


class Projected(Symmetric):
    """(I - P) H (I - P), P = B B' the projection on the span of ``basis`` B (n, k), orthonormal."""

    def __init__(self, operator: Symmetric, basis: Array) -> None:
        fits = basis.ndim == 2 and len(basis) == operator.shape[0]
        if not fits or abs(basis.T @ basis - np.eye(basis.shape[1])).max() > 1e-6:
            raise ValueError(f"basis must have orthonormal columns of length {operator.shape[0]}")
        self.operator, self.basis = operator, operator.to_device(basis)
        super().__init__(operator.dtype, operator.shape)

    def multiply(self, columns: Array) -> Array:
        """See ``Symmetric``."""
        return self._off(self.operator.multiply(self._off(columns)))

    def to_device(self, host: np.ndarray) -> Array:
        """See ``Symmetric``."""
        return self.operator.to_device(host)

    def _off(self, columns: Array) -> Array:
        return columns - self.basis @ (self.basis.T @ columns)


def hessian(batches: Batches, layers: Sequence[str] | None = None) -> Curvature:
    """H = d^2 L/dw^2 of the mean loss L, or its diagonal block of some ``layers``.

    With batch norm in the mode active it is the mean of the batches' Hessians, each with its own
    statistics and differentiated through them.

    Raises ValueError where the net has no such layer.
    """
    return Curvature(batches, "hvp", layers)


def gauss_newton(batches: Batches, layers: Sequence[str] | None = None) -> Curvature:
    """G = mean_b J_b' H_b J_b, J the Jacobian of the outputs, H the loss's Hessian in the outputs.

    ``layers`` as for ``hessian``; positive semi-definite where the loss is convex in the outputs.
    """
    return Curvature(batches, "ggn", layers)


def projected(operator: Symmetric, basis: Array) -> Projected:
    """(I - P) H (I - P): the ``operator`` off the span of the orthonormal ``basis`` (n, k).

    Raises ValueError where the columns are not orthonormal or not of the operator's length.
    """
    return Projected(operator, basis)
