"""Batch noise is drawn in Gaussian batches. Other batches reach the bounds."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import stats

from companion.scale import Scale
from sim.evidence import Bounded, Distributed, Evidence, Exact, Form, Student, at
from sim.normalisation.draws import Array, Generator, batch_norm, loss_of
from sim.table import simulates
from theory import normalisation


def outputs(rng: Generator, B: int, draws: int) -> Array:
    """Batch norm of Gaussian batches, one per row."""
    y = rng.normal(size=(draws, B)) * 1.3 + 0.4
    deviations = y - y.mean(axis=1, keepdims=True)
    return deviations / np.sqrt(np.mean(deviations**2, axis=1, keepdims=True))


@simulates(normalisation.samuelson, unit="batch")
def samuelson(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Random batches, one batch with a single exception, and one batch of two values."""
    draws = scale.pick(10, 200, 5000)
    for B in (4, 2, 10):
        exception, halves = np.eye(B)[0], np.repeat([1.0, -1.0], B // 2)
        random = rng.standard_t(2, size=(draws, B))
        batches = (exception, halves, *random)
        largest = np.array([np.abs(batch_norm(y)).max() for y in batches])

        def both(form: Form, y: Array = exception) -> tuple[float, float]:
            bounds = form(y=y)
            return bounds["lower"], bounds["upper"]

        known = B * max(loss_of(y) for y in batches)
        yield Bounded(both, largest, magnitude=known, draws=len(largest))


@simulates(normalisation.output_moments, unit="batch")
def output_moments(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Means over a batch of powers of its outputs."""
    draws = scale.pick(64, 20_000, 400_000)
    for B in (5, 12):
        drawn = outputs(rng, B, draws)
        for order in (2, 3):
            yield Student(at(B=B, order=order), np.mean(drawn ** (2 * order), axis=1))


@simulates(normalisation.output_density, unit="batch")
def output_density(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The number of batches whose first output lies in a bin, which is binomial.

    No output lies beyond sqrt(B - 1).
    """
    draws = scale.pick(64, 200_000, 1_000_000)
    nodes, weights = np.polynomial.legendre.leggauss(32)
    for B in (3, 6, 16):
        first = outputs(rng, B, draws)[:, 0]
        for low, high in ((0.0, 0.6), (0.6, 1.2), (-1.2, -0.3)):
            inside = int(np.sum((first > low) & (first < high)))

            def law(form: Form, low: float = low, high: float = high, B: int = B) -> Any:
                z = low + (high - low) * (nodes + 1) / 2
                share = np.sum(weights * form(z=z, B=B)) * (high - low) / 2
                return stats.binom(draws, min(1.0, share))

            yield Distributed(law, inside, draws, "binomial")
        beyond = np.sqrt(B - 1) * np.array([-1.5, -1.01, 1.01, 1.5])
        counts = [np.sum(abs(first) > abs(z)) for z in beyond]
        yield Exact(at(z=beyond, B=B), counts, draws)


@simulates(normalisation.deviation_moments, unit="batch")
def deviation_moments(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The mean squared deviation of Gaussian batches, its root and its inverse."""
    draws = scale.pick(64, 40_000, 400_000)
    for B in (16, 12):
        variance = rng.normal(size=(draws, B)).var(axis=1)
        observed = {"variance": variance, "deviation": variance**0.5, "inverse": 1 / variance}
        for name, values in observed.items():
            yield Student(at(name, B=B), values)
