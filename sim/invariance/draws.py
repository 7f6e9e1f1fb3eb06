"""The draws of the sections: losses that do not see the length of the weights, and their curvature.

They take complex numbers, as ``sim.derivatives`` asks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.derivatives import derivative

Array = np.ndarray
#: Numbers of weights.
SIZES = (2, 3, 6)


def unit(w: Array) -> Array:
    """The direction of the weights, also of complex ones."""
    return w / np.sqrt(sum(w * w))


@dataclass
class HomogeneousLoss:
    """f(W/|W|) |W|^degree, with f a polynomial of third order around the direction u."""

    u: Array
    slope: Array
    bend: Array
    cubic: Array
    degree: float = 0.0
    value: float = 0.0

    def __call__(self, w: Array) -> Any:
        moved = unit(w) - self.u
        f = self.value + sum(self.slope * moved) + sum(moved * (self.bend @ moved)) / 2
        return (f + sum(self.cubic * moved**3) / 6) * np.sqrt(sum(w * w)) ** self.degree

    @property
    def size(self) -> float:
        """The size of the terms that are added for a value, near the sphere."""
        parts = (self.slope, self.bend, self.cubic)
        return 8 * float(abs(self.value) + sum(np.abs(part).sum() for part in parts))


def random_loss(rng: np.random.Generator, n: int, degree: float = 0.0) -> HomogeneousLoss:
    """A random loss of ``n`` weights, around a random direction."""
    bend = rng.normal(size=(n, n))
    u = unit(rng.normal(size=n))
    value = rng.uniform(1, 2)
    return HomogeneousLoss(
        u, rng.normal(size=n), (bend + bend.T) / 2, rng.normal(size=n), degree, value
    )


def curvature(loss: Callable[[Array], Any], w: Array, along: Array) -> float:
    """The second derivative along a direction."""
    radius = float(np.linalg.norm(w) / np.linalg.norm(along) / 4)  # a quarter of the way to w = 0
    return float(derivative(lambda t: loss(w + t * along), radius, 2))


def hessian(loss: Callable[[Array], Any], w: Array) -> Array:
    """The matrix of second derivatives, by polarisation."""
    axes = np.eye(len(w))
    return np.array(
        [[(curvature(loss, w, a + b) - curvature(loss, w, a - b)) / 4 if (a != b).any()
          else curvature(loss, w, a) for a in axes] for b in axes]
    )  # fmt: skip


def hessian_size(loss: HomogeneousLoss, norm: float) -> float:
    """The size of the terms of ``hessian`` at weights of length ``norm``."""
    return 32 * loss.size * norm**loss.degree * 2**loss.degree / norm**2
