"""K-FAC: a layer's block of the curvature as a Kronecker product (martensgrosse2015).

x are a layer's inputs (with a 1 for the bias) and s the loss's slopes in its outputs, at t places
per example (``deepnet.curvature.layers``). Sums run over places, means over examples:

    A = mean sum xx'         the inputs' factor, (N, N)
    S = mean sum ss'/t       the outputs' factor, (k, k)      (grossemartens2016)

The block of weights stacked by columns is A (x) S, as in the chapter ``kronecker``. In flat order
weights are stacked by rows, and the block is S (x) A. It maps the k x N matrix V to S V A.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np

from deepnet.backend import array_module, to_host
from deepnet.curvature.batches import Batches
from deepnet.curvature.layers import RecordedLayer, inputs, layers, slopes
from deepnet.curvature.operators import Symmetric
from deepnet.curvature.probes import probes
from deepnet.tape import Linearised

Array = Any
Eigenpairs = tuple[Array, Array]


class Factor(Symmetric):
    """A positive semi-definite ``matrix`` and its ``eigenpairs``, where they are known already."""

    def __init__(self, matrix: Array, eigenpairs: Eigenpairs | None = None) -> None:
        self.matrix, self._eigenpairs = matrix, eigenpairs
        super().__init__(matrix.dtype, matrix.shape)

    def multiply(self, columns: Array) -> Array:
        """See ``Symmetric``."""
        return self.matrix @ columns

    def to_device(self, host: np.ndarray) -> Array:
        """See ``Symmetric``."""
        return array_module(self.matrix).asarray(host, dtype="float64")

    @cached_property
    def eigenpairs(self) -> Eigenpairs:
        """The eigenvalues (n,), ascending, and the eigenvectors (n, n) in columns.

        An eigenvalue that rounding makes negative is returned as zero. All are nan where the matrix
        is not finite.
        """
        if self._eigenpairs is not None:
            return self._eigenpairs
        xp = array_module(self.matrix)
        if not xp.isfinite(self.matrix).all():
            return self.matrix[0] * xp.nan, self.matrix * xp.nan
        values, vectors = xp.linalg.eigh(self.matrix)
        return xp.maximum(values, 0), vectors

    @property
    def inverses(self) -> Array:
        """The eigenvalues of the pseudo-inverse: 1/value, and 0 where value is zero to rounding."""
        values, _ = self.eigenpairs
        xp = array_module(values)
        zero = values <= len(values) * xp.finfo(values.dtype).eps * values[-1]
        return xp.where(zero, 0, 1 / xp.where(zero, 1, values))


class LayerOperator(Symmetric):
    """An operator on a layer's weights: in flat order the weight and then the bias, if any.

    ``turn`` maps matrices V (m, k, N) to matrices. The last column of V is the bias.
    """

    def __init__(self, A: Factor, S: Factor, bias: bool) -> None:
        self.A, self.S, self.bias = A, S, bias
        size = A.shape[0] * S.shape[0]
        super().__init__(A.dtype, (size, size))

    def turn(self, V: Array) -> Array:
        """The operator applied to each matrix."""
        raise NotImplementedError

    def multiply(self, columns: Array) -> Array:
        """See ``Symmetric``."""
        return flattened(self.turn(self._matrices(columns.T)), self.bias).T

    def to_device(self, host: np.ndarray) -> Array:
        """See ``Symmetric``."""
        return self.A.to_device(host)

    def _matrices(self, rows: Array) -> Array:
        """The inverse of ``flattened``."""
        k, N = self.S.shape[0], self.A.shape[0] - self.bias
        weight = rows[:, : k * N].reshape(-1, k, N)
        if not self.bias:
            return weight
        bias = rows[:, k * N :, None]
        return array_module(rows).concatenate([weight, bias], axis=2)


def flattened(V: Array, bias: bool) -> Array:
    """The matrices V (m, k, N) as rows in flat order, (m, k N).

    With ``bias`` the last column comes last.
    """
    if not bias:
        return V.reshape(len(V), -1)
    return array_module(V).concatenate([V[..., :-1].reshape(len(V), -1), V[..., -1]], axis=1)


class Kronecker(LayerOperator):
    """S (x) A: K-FAC's block of one layer, from its factors A (N, N) and S (k, k)."""

    def turn(self, V: Array) -> Array:
        """S V A."""
        return self.S.matrix @ V @ self.A.matrix

    @property
    def eigenvalues(self) -> np.ndarray:
        """All N k products of an eigenvalue of A and one of S, descending, on the host."""
        products = to_host(self.S.eigenpairs[0][:, None] * self.A.eigenpairs[0])
        return np.sort(products, axis=None)[::-1]

    def inverse(self, damping: float = 0.0) -> "Inverse":
        """(S (x) A + damping I)^-1. For ``damping`` 0 it is the pseudo-inverse S^+ (x) A^+."""
        return Inverse(self, damping)


class Inverse(LayerOperator):
    """(block + damping I)^-1 in the basis of eigenvectors. For damping 0 it is the pseudo-inverse.

    Raises ValueError for a negative damping.
    """

    def __init__(self, block: Kronecker, damping: float) -> None:
        if damping < 0:
            raise ValueError(f"a damping of {damping} is negative; give 0 or more")
        self.damping = damping
        super().__init__(block.A, block.S, block.bias)

    def turn(self, V: Array) -> Array:
        """U_S (factors * (U_S' V U_A)) U_A', where ``*`` is the product entry by entry."""
        (a, U_A), (s, U_S) = self.A.eigenpairs, self.S.eigenpairs
        if self.damping == 0:
            factors = self.S.inverses[:, None] * self.A.inverses
        else:
            factors = 1 / (s[:, None] * a + self.damping)
        return U_S @ (factors * (U_S.T @ V @ U_A)) @ U_A.T


def factors(
    part: Linearised,
    wanted: Iterable[RecordedLayer],
    cotangents: Iterable[Array],
    centred: bool = False,
) -> list[tuple[Array, Array]]:
    """The factors (A, S) of each layer over one batch.

    ``cotangents`` are cotangents of the outputs from ``probes``. ``centred`` subtracts the inputs'
    mean over the batch first. The gradients stay where an active batch norm follows, since its
    slopes have mean zero, and the product comes closer to the block.
    """
    wanted = list(wanted)
    of_inputs = [
        _moments(x - x.mean((0, 1)) if centred else x)
        for x in (inputs(part, layer) for layer in wanted)
    ]
    of_outputs: list[Any] = [0 for _ in wanted]
    for u in cotangents:
        pairs = zip(of_outputs, slopes(part, wanted, u), strict=True)
        of_outputs = [total + _moments(s) / s.shape[1] for total, s in pairs]
    return list(zip(of_inputs, of_outputs, strict=True))


def _moments(x: Array) -> Array:
    """The mean over examples of the sum over places of xx', for x (n, t, N)."""
    rows = x.reshape(-1, x.shape[-1])
    return rows.T @ rows / len(x)


def kfac(
    batches: Batches,
    layer: str,
    kind: str = "exact",
    rng: np.random.Generator | None = None,
    draws: int = 1,
    centred: bool = False,
) -> Kronecker:
    """K-FAC's approximation of one layer's block of the curvature, as a Kronecker product.

        S (x) A,    A = mean sum xx',    S = mean sum ss'/t

    x (N,) are the layer's inputs at one of t places of an example, with a last entry 1 for the
    bias. s (k,) are the slopes of the loss in the layer's outputs there. Sums run over places,
    means over examples. In flat order S (x) A maps a k x N matrix V to S V A.

    The product of the means replaces the mean of the products. In a dense layer the error is the
    covariance of xx' and ss'. No number of examples removes it (see the claim ``kronecker.error``).
    A convolution also loses the correlations between its places.

    Args:
        batches: The mean loss. A and S are averaged over its batches.
        layer: The name of the layer's weight, such as "dense1".
        kind: Which curvature S stands for. "exact" takes the roots of the loss's Hessian in the
            outputs. "drawn" multiplies the roots by random signs, which is unbiased for the exact S
            and has a variance in proportion to 1/``draws``. "empirical" takes the gradients at the
            given targets, which is not curvature.
        rng: The source of the signs, for "drawn" alone.
        draws: How many random signs are drawn per root, for "drawn" alone.
        centred: Whether to subtract the inputs' mean over the batch first. The gradients stay where
            an active batch norm follows, since its slopes have mean zero.

    Returns:
        A ``Kronecker``, a SciPy ``LinearOperator`` (N k, N k) with ``eigenvalues`` and
        ``inverse(damping)``.

    Raises:
        ValueError: The net has no such layer, or two of its layers share a weight.
        UsageError: The kind is not known, or is "drawn" without ``rng`` or with less than one draw.

    Reference:
        martensgrosse2015
        grossemartens2016
        grosse2021, K-FAC approximation

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> block = kfac(batches, "dense1")
        >>> (block @ np.eye(2)).round(12).tolist(), block.eigenvalues.round(12).tolist()
        ([[0.5, 0.0], [0.0, 2.0]], [2.0, 0.5])
    """
    A, S, bias = 0, 0, False
    for share, part in batches:
        recorded = named(part, layer)
        ((a, s),) = factors(part, [recorded], probes(part, kind, rng, draws), centred)
        A, S, bias = A + share * a, S + share * s, recorded.bias is not None
    return Kronecker(Factor(A), Factor(S), bias)


def named(part: Linearised, layer: str) -> RecordedLayer:
    """The layer whose weight has this name. Raises ValueError naming the net's layers."""
    recorded = layers(part)
    if layer not in recorded:
        raise ValueError(f"no layer {layer!r} in the net; it has {', '.join(recorded)}")
    return recorded[layer]
