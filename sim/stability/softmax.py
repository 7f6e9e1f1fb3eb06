"""Softmax: curvatures in the outputs, from the loss on a circle in the complex plane."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.derivatives import derivative
from sim.evidence import Evidence, Rounded, at
from sim.stability.draws import cross_entropy, line
from sim.table import simulates
from theory import stability

Generator = np.random.Generator
CLASSES = (2, 3, 10)


def magnitude(*columns: np.ndarray) -> float:
    """The size of the terms of a loss and of its derivatives on the circle."""
    return float(np.prod([1 + np.abs(column).max() for column in columns]) ** 2) * len(columns[0])


def mixed(z: np.ndarray, u: np.ndarray, v: np.ndarray, target: np.ndarray) -> float:
    """The second derivative of the loss in the outputs z along u and v.

    It comes from the second derivatives along u + v and u - v. For real z, sum_i exp(z_i + t d_i)
    has no zero within |t| = pi/(max d - min d): until there no two of its terms differ in angle by
    pi. The circle has a quarter of that radius.
    """

    def along(direction: np.ndarray) -> float:
        radius = np.pi / 4 / max(np.ptp(direction), 1.0)
        return float(
            derivative(line(partial(cross_entropy, target=target), z, direction), radius, 2)
        )

    return (along(u + v) - along(u - v)) / 4


@simulates(stability.output_hessian, unit="outputs")
def output_hessian(rng: Generator, scale: Scale) -> list[Evidence]:
    """Second derivatives of the loss along a motion of the outputs, mixed with an equal shift."""
    checks: list[Evidence] = []
    for M in CLASSES:
        z, v, target = rng.normal(size=M), rng.normal(size=M), rng.uniform(size=M)
        along, shifted = (mixed(z, v, other, target) for other in (v, np.ones(M)))
        size = 48 * magnitude(z, v)
        checks.append(Rounded(at("along", outputs=z, velocity=v), along, size))
        checks.append(Rounded(at("shift", outputs=z, velocity=v), shifted, size))
    return checks


@simulates(stability.hessian_product, unit="outputs")
def hessian_product(rng: Generator, scale: Scale) -> list[Evidence]:
    """Mixed second derivatives of the loss, along the direction and along each output."""
    checks: list[Evidence] = []
    for M in CLASSES:
        z, v, target = rng.normal(size=M), rng.normal(size=M), rng.uniform(size=M)
        product = [mixed(z, v, axis, target) for axis in np.eye(M)]
        checks.append(Rounded(at(outputs=z, velocity=v), product, 48 * magnitude(z, v)))
    return checks


@dataclass(frozen=True)
class TwoLayers:
    """Outputs W h. Both factors are parameters: the rows of W, then h."""

    M: int
    n: int

    def outputs(self, theta: np.ndarray) -> np.ndarray:
        """The outputs."""
        W, h = np.split(theta, [self.M * self.n])
        return np.asarray(W.reshape(self.M, self.n) @ h)

    def total(self, theta: np.ndarray) -> Any:
        """The sum of all outputs."""
        return np.sum(self.outputs(theta))

    def loss(self, theta: np.ndarray) -> Any:
        """The cross-entropy of the first class."""
        return cross_entropy(self.outputs(theta), np.eye(self.M)[0])
