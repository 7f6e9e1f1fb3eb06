"""Other norms: means of powers, derivatives by Cauchy's formula, and the largest of a batch."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from companion.scale import Scale
from sim.derivatives import derivative
from sim.evidence import Evidence, Form, Rounded, Student, at
from sim.normalisation.draws import Array, Generator, batch, loss_of
from sim.table import simulates
from theory import normalisation


@simulates(normalisation.power_norm, unit="number")
def power_norm(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Powers of normal numbers. Their mean is the claim to the power of its order."""
    sizes = np.abs(rng.normal(size=scale.pick(64, 100_000, 1_000_000)))
    for order in (1, 3, 4):

        def power(form: Form, order: int = order) -> float:
            return float(form(order=order) ** order)

        yield Student(power, sizes**order)


def moved(loss: Callable[[Array], complex], y: Array, axis: Array, z: complex) -> complex:
    """The loss at y + z axis."""
    return loss(y + z * axis)


@simulates(normalisation.power_norm_gradient, unit="batch")
def power_norm_gradient(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Derivatives of a loss where it is analytic, that is, where no deviation changes its sign."""
    for order in (1, 2, 3, 4):
        for B in (3, 5, 16):
            y, g = batch(rng, B), rng.normal(size=B)
            signs = np.sign(y - y.mean())

            def loss(x: Array, g: Array = g, signs: Array = signs, order: int = order) -> complex:
                deviations = x - x.mean()
                scale = np.mean((signs * deviations) ** order) ** (1 / order)
                return np.sum(g * deviations) / scale

            # within 1/16 of the smallest deviation powers up to the fourth stay near their sign
            radius = np.abs(y - y.mean()).min() / 16
            slopes = [derivative(partial(moved, loss, y, axis), radius) for axis in np.eye(B)]
            scale_of = np.mean(np.abs(y - y.mean()) ** order) ** (1 / order)
            outputs = np.abs(g) @ np.abs(y - y.mean()) / scale_of
            yield Rounded(at(y=y, g=g, order=order), slopes, loss_of(y) * B * outputs / radius)


@simulates(normalisation.largest_deviation, unit="batch")
def largest_deviation(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The largest absolute value of B normal numbers."""
    draws = scale.pick(64, 10_000, 100_000)
    for B in (32, 4):
        yield Student(at(B=B), np.abs(rng.normal(size=(draws, B))).max(axis=1))
