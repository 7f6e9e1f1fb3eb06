"""Losses: fused operations with their own law, each the mean over the examples of a batch.

z[n,k] are the outputs, n examples, k classes or targets.
"""

from typing import Any

from deepnet.backend import array_module
from deepnet.ops.families import total
from deepnet.ops.hot import hot
from deepnet.tape import Operation

Array = Any


class SoftmaxCrossEntropy(Operation):
    """mean_n sum_k t[n,k] (-log p[n,k]), p = softmax(z), for non-negative targets t.

    With s[n] = sum_k t[n,k]: the gradient in z is (s p - t)/n and the Hessian
    s (diag(p) - p p')/n. One-hot targets give the cross-entropy; adding smoothing/k to each target
    adds the label-smoothing term, smoothing times the mean over classes of -log p.
    """

    name = "softmax_cross_entropy"

    def forward(self, z: Array, target: Array) -> tuple[Array, Any]:
        loss, *kept = _softmax(z, target)
        return loss, tuple(kept)

    def push(self, kept: Any, dz: Array, _: Any) -> Array:
        return (kept[2] * dz).sum()

    def pull(self, kept: Any, g: Array, needs: Any) -> tuple:
        return g * kept[2], None

    def bend(self, kept: Any, dxs: tuple, dy: Array, g: Array, dg: Array, needs: Any) -> tuple:
        p, s, slope = kept
        curved = None if dxs[0] is None else _bend_of_softmax(p, s, g, dxs[0])
        return total(curved, None if dg is None else dg * slope), None


@hot
def _softmax(z: Array, target: Array) -> tuple[Array, Array, Array, Array]:
    """The loss, p, s and the gradient in z."""
    xp = array_module(z)
    shifted = z - z.max(-1, keepdims=True)
    exponential = xp.exp(shifted)
    partition = exponential.sum(-1, keepdims=True)
    loss = (target * (xp.log(partition) - shifted)).sum(-1).mean()
    p, s = exponential / partition, target.sum(-1, keepdims=True)
    return loss, p, s, (s * p - target) / len(z)


@hot
def _bend_of_softmax(p: Array, s: Array, g: Array, dz: Array) -> Array:
    return g * s * p * (dz - (p * dz).sum(-1, keepdims=True)) / len(p)


class MeanSquaredError(Operation):
    """mean_n |z[n] - t[n]|^2 / 2."""

    name = "mean_squared_error"

    def forward(self, z: Array, target: Array) -> tuple[Array, Any]:
        residual = (z - target) / len(z)
        return 0.5 * (residual * residual).sum() * len(z), residual

    def push(self, residual: Any, dz: Array, _: Any) -> Array:
        return (residual * dz).sum()

    def pull(self, residual: Any, g: Array, needs: Any) -> tuple:
        return g * residual, None

    def bend(self, residual: Any, dxs: tuple, dy: Array, g: Array, dg: Array, needs: Any) -> tuple:
        curved = None if dxs[0] is None else g * dxs[0] / len(residual)
        return total(curved, None if dg is None else dg * residual), None


def smoothed(labels: Array, classes: int, smoothing: float, dtype: Any) -> Array:
    """Targets for softmax cross-entropy: one-hot rows plus smoothing/classes everywhere."""
    xp = array_module(labels)
    return xp.eye(classes, dtype=dtype)[labels] + dtype.type(smoothing / classes)


softmax_cross_entropy = SoftmaxCrossEntropy()
mean_squared_error = MeanSquaredError()
