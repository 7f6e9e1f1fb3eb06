"""Smooth functions: a quadratic and its gradient are compared between many points."""

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Bounded, Evidence
from sim.smoothness.draws import Array, sides
from sim.table import simulates
from theory import smoothness


def excess(R: Array, d: Array) -> complex:
    """d'Rd/2, entry by entry."""
    return sum(d[i] * R[i, j] * d[j] for i in range(len(d)) for j in range(len(d))) / 2


def with_eigenvalues(rng: np.random.Generator, values: Array) -> tuple[Array, Array]:
    """A symmetric matrix of these eigenvalues, and the eigenvector of the last eigenvalue."""
    U = np.linalg.qr(rng.normal(size=(len(values), len(values))))[0]
    R = (U * values) @ U.T
    return (R + R.T) / 2, U[:, -1]


@simulates(smoothness.lipschitz, unit="pair of points")
def lipschitz(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Difference quotients of d'Rd/2 over a ball. Some are next to the end of the steepest axis."""
    checks: list[Evidence] = []
    near = 2.0**-12
    for N in (1, 4):
        R, axis = with_eigenvalues(rng, rng.uniform(0.1, 1, N) + np.arange(N))
        radius = rng.uniform(0.5, 3)
        points = rng.normal(size=(2, scale.pick(10, 60, 1000), N))
        points *= (
            radius
            * rng.uniform(0, 1, points.shape[:2])[..., None]
            / np.linalg.norm(points, axis=2, keepdims=True)
        )
        pairs = [*zip(*points, strict=True), (radius * axis, (1 - near) * radius * axis)]
        apart = np.array([np.linalg.norm(a - b) for a, b in pairs])
        quotients = [abs(excess(R, a) - excess(R, b)) for a, b in pairs] / apart
        values = [{"R": R, "V": a, "d": b, "radius": radius} for a, b in pairs]
        magnitude = N**2 * np.abs(R).max() * radius**2 / apart.min()
        checks.append(Bounded(sides(values, apart), quotients, magnitude, near, len(pairs)))
    return checks


@simulates(smoothness.beta_smoothness, unit="pair of points")
def beta_smoothness(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Differences of gradients by complex steps, also along the eigenvector of largest size."""
    checks: list[Evidence] = []
    for values in ((1.0, 2.0, 3.0), (2.0, 1.0, -3.0)):
        R, axis = with_eigenvalues(rng, np.array(values))
        points = rng.normal(size=(2, scale.pick(10, 60, 1000), 3))
        pairs = [*zip(*points, strict=True), (points[0, 0], points[0, 0] + axis)]

        def slope(d: Array, R: Array = R) -> Array:
            return complex_gradient(lambda at: excess(R, at), d)

        changes = [np.linalg.norm(slope(a) - slope(b)) for a, b in pairs]
        sizes = [{"R": R, "V": a, "d": b} for a, b in pairs]
        magnitude = 9 * np.abs(R).max() * np.abs(points).max()
        checks.append(Bounded(sides(sizes), changes, magnitude, draws=len(pairs)))
    return checks
