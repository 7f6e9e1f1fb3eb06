"""A step is taken in the standardised coordinates and mapped back."""

from typing import Any

import numpy as np

from companion.scale import Scale
from sim.derivatives import TINY, complex_gradient
from sim.evidence import Evidence, Rounded, at
from sim.preconditioning.draws import Array, layers, outputs, split
from sim.table import simulates
from theory import preconditioning


def smooth_loss(off: Array) -> Array:
    """The loss ln cosh of the difference ``off`` between an output and its target."""
    return np.log(np.cosh(off))


def slopes(off: Array) -> Array:
    """The derivative of ``smooth_loss`` by a complex step."""
    return smooth_loss(off + TINY * 1j).imag / TINY


@simulates(preconditioning.step, unit="layer")
def step(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The gradient in the standardised coordinates by complex steps, and the change back."""
    checks: list[Evidence] = []
    for n, N, p, theta, known in layers(rng, scale):
        X, targets, rate = rng.normal(size=(N, p)), rng.normal(size=(n, p)), rng.uniform(0.2, 1.5)
        standard, there = known.standardised(X), known.to_standard(theta, n)

        def loss(t: Array, Z: Array = standard, Y: Array = targets, n: int = n) -> Array:
            return np.mean(np.sum(smooth_loss(outputs(t, Z, n) - Y), axis=0))

        slope = complex_gradient(loss, there)
        after = split(known.from_standard(there - rate * slope, n), n)
        weights, biases = split(theta, n)
        values: dict[str, Any] = {
            "Wl": weights,
            "bl": biases,
            "X": X,
            "D": slopes(outputs(theta, X, n) - targets),
            "mu": known.mu,
            "Sigma": known.Sigma,
            "eta": rate,
        }
        # the covariance has the condition number 16, and the way back adds N products with the mean
        terms = 16 * (N + 1) * (1 + abs(known.mu).max()) ** 2
        magnitude = terms * (abs(there).max() + rate * abs(slope).max())
        for name, change in zip(("weights", "biases"), after, strict=True):
            checks.append(Rounded(at(name, **values), change, magnitude))
    return checks
