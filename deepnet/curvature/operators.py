"""Curvature is something you multiply by: the Hessian, the Gauss-Newton matrix, their parts.

All are symmetric ``scipy.sparse.linalg.LinearOperator``s on weights in flat order (see
``deepnet.vectors``), of the mean loss over ``Batches``. Products are computed in the precision of
the weights, which is the operator's dtype, and added up over the batches in float64.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
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
    """A symmetric operator that computes products on the device of its arrays.

    ``multiply`` takes and returns float64 columns (n, k) on this device, and ``to_device`` brings
    host arrays to it. As a SciPy operator it takes and returns NumPy arrays.
    """

    def multiply(self, columns: Array) -> Array:
        """The operator times each of the ``columns`` (n, k)."""
        raise NotImplementedError

    def to_device(self, host: np.ndarray) -> Array:
        """The array ``host`` in float64, on the device of the operator's arrays."""
        raise NotImplementedError

    def _matmat(self, columns: np.ndarray) -> np.ndarray:
        return to_host(self.multiply(self.to_device(columns)))

    def _adjoint(self) -> "Symmetric":
        return self


class Curvature(Symmetric):
    """The mean over batches of a product of ``Linearised``: ``hvp`` or ``ggn``.

    ``layers`` names the weights of the diagonal block (None: all weights).
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
        """H times each of the ``columns``.

        Batches are the outer loop, so that each is linearised once.
        """
        xp = array_module(columns)
        total = xp.zeros(columns.shape)
        numbers = count()  # not enumerate, which holds a pass while the next one is computed
        for share, part in self.batches:
            times = self._times(next(numbers), part)
            for k in range(columns.shape[1]):
                total[:, k] += share * times(columns[:, k])
            del part, times
        return total

    def _times(self, index: int, part: Linearised) -> Callable[[Array], Array]:
        """The product of a column with one batch's matrix.

        It is a graph where the batch is kept.
        """
        times = partial(_product, part, self.product, self.shapes, self.dtype)
        if not self._captures or index >= self.batches.keep:
            return times
        return self._graphs.setdefault(index, Captured(times))

    def to_device(self, host: np.ndarray) -> Array:
        """See ``Symmetric``."""
        return array_module(self._like).asarray(host, dtype="float64")


def _product(part: Linearised, product: str, shapes: Shapes, dtype: Any, column: Array) -> Array:
    """The ``product`` of ``part`` with a ``column``, both in flat order of the ``shapes``."""
    weights = getattr(part, product)(from_vector(column.astype(dtype), shapes))
    return to_vector({name: weights[name] for name in shapes})


class Projected(Symmetric):
    """(I - P) H (I - P), where P = B B' projects on the span of the ``basis`` B (n, k)."""

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
    """The Hessian of the mean loss L, or its diagonal block of some layers.

        H = d^2 L/dw^2 = sum_b (n_b/n) d^2 L_b/dw^2

    A product H v is the derivative of the gradient along v. It is exact to rounding in the weights'
    precision. With batch norm in the mode active H is the mean of the batches' Hessians, each with
    its own statistics and differentiated through them. It is not the Hessian of one large batch.

    Args:
        batches: The mean loss L at the weights w.
        layers: The names of the weights of the block (None: all weights).

    Returns:
        A SciPy ``LinearOperator`` (n, n), where n is the number of the weights, in flat order. Its
        unit is loss/weight^2.

    Raises:
        ValueError: The net has no such layer, or the list of layers is empty.

    Reference:
        pearlmutter1994
        page2019, Pearlmutter trick

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> (hessian(batches) @ np.eye(2)).tolist()
        [[0.5, 0.0], [0.0, 2.0]]
    """
    return Curvature(batches, "hvp", layers)


def gauss_newton(batches: Batches, layers: Sequence[str] | None = None) -> Curvature:
    """The Gauss-Newton matrix of the mean loss L, or its diagonal block of some layers.

        G = sum_b (n_b/n) J_b'H_b J_b

    J_b is the Jacobian of batch b's outputs in the weights. H_b is the Hessian of L_b in the
    outputs. G is positive semi-definite where the loss is convex in the outputs. G leaves out of
    the Hessian the part with second derivatives of the net, which is 0 where the net is linear.
    Products are exact to rounding in the weights' precision.

    Args:
        batches: The mean loss L at the weights w.
        layers: The names of the weights of the block (None: all weights).

    Returns:
        A SciPy ``LinearOperator`` (n, n), where n is the number of the weights, in flat order. Its
        unit is loss/weight^2.

    Raises:
        ValueError: The net has no such layer, or the list of layers is empty.

    Reference:
        martens2020
        page2019, generalised Gauss-Newton approximation to the Hessian

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> bool((gauss_newton(batches) @ np.eye(2) == hessian(batches) @ np.eye(2)).all())
        True
    """
    return Curvature(batches, "ggn", layers)


def projected(operator: Symmetric, basis: Array) -> Projected:
    """A symmetric operator H on the orthogonal complement of a subspace.

        (I - P) H (I - P),    P = B B'

    Products are exact to rounding. If eigenvectors of H span the subspace, their eigenvalues become
    zero and the other eigenvalues stay.

    Args:
        operator: H, (n, n), such as ``hessian`` returns.
        basis: Orthonormal columns B, (n, k).

    Returns:
        A SciPy ``LinearOperator`` (n, n).

    Raises:
        ValueError: The columns are not orthonormal, or do not have the length n.

    Reference:
        page2019, restricted to the subspace orthogonal to the 29 dimensional subspace

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> off = projected(hessian(batches), basis=np.array([[0.0], [1.0]]))
        >>> (off @ np.eye(2)).tolist()
        [[0.5, 0.0], [0.0, 0.0]]
    """
    return Projected(operator, basis)
