"""ReLU that is shifted and scaled: quadrature of the definition, and layers that are drawn."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import stats

from companion.scale import Scale
from sim.evidence import Bounded, Distributed, Evidence, Form, Rounded, Student, at
from sim.propagation.correlation import two_vectors
from sim.propagation.draws import TAIL, Array, Generator, pdf, quadrature, relu
from sim.propagation.initialisation import rows
from sim.table import simulates
from theory import propagation


def activation(z: Array) -> Array:
    """ReLU, shifted and scaled to mean 0 and variance 1 at pre-activations of variance 2."""
    return (relu(z) - np.sqrt(1 / np.pi)) / np.sqrt(1 - 1 / np.pi)


def next_mean_square(q: float) -> float:
    """The mean of the squared activation, on either side of its kink."""
    s = np.sqrt(2 * q)

    def term(t: Array) -> Array:
        return activation(s * t) ** 2 * pdf(t)

    return float(quadrature(term, -TAIL, 0) + quadrature(term, 0, TAIL))


@simulates(propagation.shifted_mean_square, unit="row of weights")
def shifted_mean_square(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Squared activations at one fixed input for random weights, and the integral at several q."""
    x = np.array([2.0, -0.3, 0.0, 1.1, 0.4])
    z = rows(rng, scale.pick(64, 2**18, 2**21), len(x)) @ x
    yield Student(at(q=float(np.mean(x**2))), activation(z) ** 2)
    q = np.array([0.1, 0.5, 1.0, 2.0, 7.0])
    yield Rounded(at(q=q), [next_mean_square(each) for each in q], magnitude=2 * q.max())


@simulates(propagation.shifted_drift, unit="mean square")
def shifted_drift(rng: Generator, scale: Scale) -> Evidence:
    """The map from 1, where nothing changes, to large mean squares."""
    q = np.concatenate([[1.0], 1 + rng.exponential(2, 20), np.geomspace(10, 1e8, 8)])

    def predict(form: Form) -> tuple[Any, Any]:
        bounds = form(q=q)
        return bounds["lower"], bounds["upper"]

    observed = [next_mean_square(each) for each in q]
    return Bounded(predict, observed, magnitude=2 * q.max(), gap=1e-3, draws=len(q))


@simulates(propagation.shifted_correlation, unit="row of weights")
def shifted_correlation(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Products of a unit's activations at two fixed inputs of mean square 1, for random weights."""
    for c in (0.5, 0.9):
        w = rows(rng, scale.pick(64, 2**20, 2**22), 3)
        one, other = activation(w @ (np.sqrt(2) * two_vectors(c)).T).T
        yield Student(at(c=c), one * other)


@simulates(propagation.shifted_gradient, unit="unit of a layer")
def shifted_gradient(rng: Generator, scale: Scale) -> Evidence:
    """The number of units that pass gradients, which is binomial.

    Each unit counts with the squared slope of the activation, which is a difference.
    """
    z = np.sqrt(2) * rng.standard_normal(scale.pick(64, 2**16, 2**20))
    step = 2.0**-30
    slopes = (activation(z + step) - activation(z - step)) / (2 * step)
    squared = float((activation(np.array(2.0)) - activation(np.array(1.0))) ** 2)

    def law(form: Form) -> stats.rv_discrete:
        return stats.binom(len(z), form() / (2 * squared))

    return Distributed(law, int(np.sum(slopes > 0)), len(z), "binomial")
