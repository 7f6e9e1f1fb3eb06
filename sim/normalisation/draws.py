"""The draws of the sections: batches of one unit.

Batch norm of such batches is here too, with derivatives by Cauchy's formula on a circle.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.derivatives import derivative

Array = np.ndarray
Generator = np.random.Generator
#: Examples in a batch: the smallest, the smallest that passes a gradient on, and larger ones.
SIZES = (2, 3, 5, 16)


def batch(rng: Generator, B: int) -> Array:
    """Outputs of a unit, with a mean."""
    return rng.normal(size=B) + 1


def layer(rng: Generator, N: int, B: int) -> tuple[Array, Array]:
    """Inputs with a mean, one example per column, and the weights of a unit."""
    return rng.normal(size=(N, B)) + 1, rng.normal(size=N)


def spread(y: Array, eps: float = 0.0) -> float:
    """The number by which batch norm divides."""
    return float(np.sqrt(np.mean((y - y.mean()) ** 2) + eps))


def batch_norm(y: Array, eps: float = 0.0) -> Array:
    """Deviations from the mean over the root of their mean square plus ``eps``.

    It takes complex numbers too, so that it is analytic.
    """
    deviations = y - y.mean()
    return deviations / np.sqrt(np.mean(deviations * deviations) + eps)


def loss_of(y: Array) -> float:
    """The rounding that the deviations of ``y`` from their mean suffer, in units of the deviations'
    own."""
    return 1 + float(np.abs(y).max()) / spread(y)


def reach(y: Array, h: Array, eps: float = 0.0) -> float:
    """A quarter of the radius in which BN(y + z h) is analytic.

    The variance plus eps is a parabola in z. The radius ends at its roots, |z| = s/spread(h).
    """
    across = spread(h)
    return spread(y, eps) / across / 4 if across > 0 else 1.0


def along(f: Callable[[Array], Any], y: Array, h: Array, eps: float = 0.0, order: int = 1) -> Array:
    """The derivative at t = 0 of ``f``, a function of batch norm, at y + t h."""
    return derivative(lambda z: f(y + z * h), reach(y, h, eps), order)


def jacobian(y: Array, eps: float = 0.0) -> Array:
    """The derivatives of batch norm, one column for each of its inputs."""
    columns = [along(lambda x: batch_norm(x, eps), y, axis, eps) for axis in np.eye(len(y))]
    return np.transpose(columns)


def rounding(y: Array, eps: float = 0.0) -> float:
    """The size of the terms in a derivative of BN(y): outputs over the circle's radius."""
    B = len(y)
    return loss_of(y) * B / spread(y, eps)
