"""Losses: fused operations with their own law. Each is the mean over the examples of a batch.

z[n,k] are the outputs for n examples and k classes or targets. Targets have the shape of the
outputs, because NumPy would broadcast any other shape to a wrong number. The cross-entropy also
takes class labels (n,).
"""

from typing import Any

import numpy as np

from deepnet.backend import array_module, numbers, on_host
from deepnet.ops.families import total
from deepnet.ops.hot import hot
from deepnet.tape import Operation

Array = Any


class SoftmaxCrossEntropy(Operation):
    """mean_n sum_k t[n,k] (-log p[n,k]), p = softmax(z), for non-negative targets t.

    With s[n] = sum_k t[n,k] the gradient in z is (s p - t)/n, and the Hessian is s (diag(p) - p
    p')/n. One-hot targets give the cross-entropy. Adding smoothing/k to each target adds the
    label-smoothing term, which is smoothing times the mean over classes of -log p.

    Labels stand for one-hot targets. They are whole numbers (n,) from 0. From a device only the
    smallest and the largest label are fetched. Raises ValueError for any other shape, and for a
    label that is no class.
    """

    name = "softmax_cross_entropy"

    def forward(self, z: Array, target: Array) -> tuple[Array, Any]:
        loss, *saved = _softmax(z, _targets_of_classes(z, target))
        return loss, tuple(saved)

    def push(self, saved: Any, dz: Array, _: Any) -> Array:
        return (saved[2] * dz).sum()

    def pull(self, saved: Any, g: Array, needs: Any) -> tuple:
        return g * saved[2], None

    def bend(self, saved: Any, dxs: tuple, dy: Array, g: Array, dg: Array, needs: Any) -> tuple:
        p, s, slope = saved
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
    """mean_n |z[n] - t[n]|^2/2. Raises ValueError where targets and outputs differ in shape."""

    name = "mean_squared_error"

    def forward(self, z: Array, target: Array) -> tuple[Array, Any]:
        residual = (z - _targets(z, target)) / len(z)
        return 0.5 * (residual * residual).sum() * len(z), residual

    def push(self, residual: Any, dz: Array, _: Any) -> Array:
        return (residual * dz).sum()

    def pull(self, residual: Any, g: Array, needs: Any) -> tuple:
        return g * residual, None

    def bend(self, residual: Any, dxs: tuple, dy: Array, g: Array, dg: Array, needs: Any) -> tuple:
        curved = None if dxs[0] is None else g * dxs[0] / len(residual)
        return total(curved, None if dg is None else dg * residual), None


def smoothed(labels: Array, classes: int, smoothing: float, dtype: Any) -> Array:
    """Targets for softmax cross-entropy: one-hot rows plus smoothing/classes in every entry.

    ``labels`` are whole numbers (n,) from 0. The result is (n, classes) of the floating-point
    ``dtype``. Raises ValueError for any other labels. Their values are not checked on a device.
    """
    labels, dtype = _array(labels, labels), np.dtype(dtype)
    if not _are_labels(labels):
        raise ValueError(f"labels are {_said(labels)}; give whole numbers of shape (n,)")
    if dtype.kind != "f":
        raise ValueError(f"targets of type {dtype} are whole numbers; give a floating-point type")
    if on_host(labels):
        _require_classes(labels, classes)
    return array_module(labels).eye(classes, dtype=dtype)[labels] + dtype.type(smoothing / classes)


def _targets_of_classes(z: Array, target: Array) -> Array:
    """``target`` itself, or one-hot targets where ``target`` is labels."""
    if z.ndim != 2:
        raise ValueError(f"the outputs have shape {z.shape}; give (examples, classes)")
    n, classes = z.shape
    target = _array(z, target)
    if _are_labels(target) and len(target) == n:
        _require_classes(target, classes)
        return smoothed(target, classes, 0.0, z.dtype)
    return _targets(z, target, f", or {n} labels, whole numbers from 0 to {classes - 1}")


def _targets(z: Array, target: Array, or_else: str = "") -> Array:
    """``target``, numbers of the shape of ``z``.

    Whole numbers are converted to the type of ``z``.
    """
    target = _array(z, target)
    if target.shape != z.shape or target.dtype.kind not in "fiub":
        raise ValueError(f"targets are {_said(target)}; give numbers of shape {z.shape}{or_else}")
    return target if target.dtype.kind == "f" else target.astype(z.dtype)


def _array(like: Array, x: Any) -> Array:
    return x if hasattr(x, "dtype") else array_module(like).asarray(x)


def _are_labels(x: Array) -> bool:
    return x.ndim == 1 and x.dtype.kind in "iu"


def _require_classes(labels: Array, classes: int) -> None:
    if not len(labels):
        return
    least, largest = map(int, numbers([labels.min(), labels.max()]))
    if least < 0 or largest >= classes:
        wrong = least if least < 0 else largest
        raise ValueError(f"the label {wrong} is no class; give 0 to {classes - 1}")


def _said(x: Array) -> str:
    return f"{x.dtype} of shape {x.shape}"


softmax_cross_entropy = SoftmaxCrossEntropy()
mean_squared_error = MeanSquaredError()
