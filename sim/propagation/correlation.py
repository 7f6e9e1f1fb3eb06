"""Two inputs: pairs of Gaussians through one layer, and quadrature of the definition."""

from collections.abc import Iterator

import numpy as np
from scipy import stats

from companion.scale import Scale
from sim.evidence import Bounded, Distributed, Evidence, Fitted, Form, Rounded, Student, at
from sim.propagation.draws import Array, Generator, map_by_angle, nodes, relu
from sim.propagation.initialisation import rows
from sim.table import simulates
from theory import propagation


def two_vectors(c: float) -> Array:
    """Two vectors of mean square 1/2 and cosine ``c``.

    With He's weights they give units of variance 1.
    """
    first, second = np.array([0.6, 0.0, 0.8]), np.array([0.8, 0.0, -0.6])
    return np.sqrt(1.5) * np.array([first, c * first + np.sqrt(1 - c**2) * second])


def positive_product(c: float) -> float:
    """The integral of x y times the density over x, y > 0.

    The density is that of two standard normal variables with correlation ``c``.
    """
    x, weights = nodes(160)
    x, weights = 6 * (1 + x), 6 * weights
    exponent = (x[:, None] ** 2 - 2 * c * x[:, None] * x + x**2) / (2 * (1 - c**2))
    density = np.exp(-exponent) / (2 * np.pi * np.sqrt(1 - c**2))
    return float((weights * x) @ density @ (weights * x))


@simulates(propagation.arc_cosine, unit="row of weights")
def arc_cosine(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Products of rectified outputs at two fixed vectors, and the double integral."""
    c = 0.4
    z, w = (rows(rng, scale.pick(64, 2**19, 2**22), 3) @ two_vectors(c).T).T
    yield Student(at(c=c), relu(z) * relu(w))
    correlations = np.array([-0.8, -0.3, 0.0, 0.5, 0.8])
    observed = [positive_product(c) for c in correlations]
    yield Rounded(at(c=correlations), observed, magnitude=1.0)


@simulates(propagation.both_active, unit="row of weights")
def both_active(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The number of rows that give two fixed vectors positive outputs, which is binomial."""
    for c in (0.6, -0.5):
        z, w = (rows(rng, scale.pick(64, 2**18, 2**21), 3) @ two_vectors(c).T).T
        count = len(z)

        def law(form: Form, c: float = c, count: int = count) -> stats.rv_discrete:
            return stats.binom(count, form(c=c))

        yield Distributed(law, int(np.sum((z > 0) & (w > 0))), count, "binomial")


@simulates(propagation.correlation_bounds, unit="correlation")
def correlation_bounds(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The map by quadrature, from -1 to 1, and from 0, where only c = 1 attains the bounds."""
    for low in (-1.0, 0.0):
        c = np.concatenate([np.linspace(low, 1, 41), rng.uniform(low, 1, 20)])

        def predict(form: Form, c: Array = c) -> tuple[Array, Array]:
            bounds = form(c=c)
            return bounds["lower"], bounds["upper"]

        yield Bounded(predict, [map_by_angle(each) for each in c], magnitude=1.0, draws=len(c))


@simulates(propagation.correlation_near_one, unit="correlation")
def correlation_near_one(rng: Generator, scale: Scale) -> Evidence:
    """(f(1 - e) - (1 - e))/e^(3/2) for decreasing e, with f by quadrature.

    The error is of order e.
    """
    gaps = 0.5 ** np.arange(2, 13)
    observed = [(map_by_angle(1 - e) - (1 - e)) / e**1.5 for e in gaps]
    return Fitted(at(), observed, 1 / gaps, order=1, draws=len(gaps))
