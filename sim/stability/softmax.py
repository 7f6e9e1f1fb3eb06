"""Softmax: curvatures from the loss on a circle in the complex plane, ranks of whole Hessians."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient, derivative
from sim.evidence import Evidence, Exact, Rounded, at
from sim.stability.draws import Net, cross_entropy, line, nets
from sim.table import simulates
from theory import stability

Generator = np.random.Generator
CLASSES = (2, 3, 10)


def magnitude(*columns: np.ndarray) -> float:
    """The size of what is added in a loss and in its derivatives on the circle."""
    return float(np.prod([1 + np.abs(column).max() for column in columns]) ** 2) * len(columns[0])


def mixed(z: np.ndarray, u: np.ndarray, v: np.ndarray, target: np.ndarray) -> float:
    """The second derivative of the loss in the outputs z along u and v, from those along u + v and
    u - v.

    For real z, sum_i exp(z_i + t d_i) has no zero within |t| = pi/(max d - min d): until there no
    two of its terms differ in angle by pi. The circle is a quarter of that.
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


def flat_count(net: Net, theta: np.ndarray) -> int:
    """The dimension of the kernel of the last layer's part of the Hessian."""
    values = np.linalg.eigvalsh(net.hessian(theta)[-net.last :, -net.last :])
    return int(np.sum(np.abs(values) <= 1e-12 * np.abs(values).max()))


@simulates(stability.flat_directions, unit="net")
def flat_directions(rng: Generator, scale: Scale) -> list[Evidence]:
    """Zero eigenvalues of the last layer's Hessian at random parameters, and H d for one vector
    added to every row of that layer, d in the whole net's parameters."""
    checks: list[Evidence] = []
    for net in nets(rng, ((3, 4, 3, 40), (2, 6, 2, 60), (4, 0, 5, 40))):
        theta, M = net.start(rng, 0.7), len(net.target)
        n = net.width or len(net.X)
        checks.append(Exact(at(n=n, M=M), flat_count(net, theta)))
        # The flat directions themselves: their curvature and slope are nought beside the others'.
        H = net.hessian(theta)
        still = 0
        for added in np.eye(n + 1):
            d = np.zeros(net.size)
            d[-net.last :] = np.tile(added, M)
            still += np.linalg.norm(H @ d) <= 1e-13 * np.linalg.norm(H) * np.linalg.norm(d)
        checks.append(Exact(at(n=n, M=M), still))
    return checks


@dataclass(frozen=True)
class TwoLayers:
    """Outputs W h, both factors parameters: the rows of W, then h."""

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


@simulates(stability.common_shift_curvature, unit="layer")
def common_shift_curvature(rng: Generator, scale: Scale) -> list[Evidence]:
    """The second derivative of the loss along the gradient of the sum of all outputs, which is
    found by complex steps."""
    checks: list[Evidence] = []
    for M, n in ((2, 1), (3, 4), (5, 2)):
        W, h = rng.normal(size=(M, n)) / n, rng.normal(size=n)
        net = TwoLayers(M, n)
        theta = np.concatenate([W.ravel(), h])
        d = complex_gradient(net.total, theta)
        radius = 0.25 / (1 + float(np.linalg.norm(d)))
        curvature = derivative(line(net.loss, theta, d), radius, 2)
        size = magnitude(net.outputs(theta)) * 4 / radius**2
        checks.append(Rounded(at(W_out=W, hidden=h), curvature, size))
    return checks
