"""The draws of the sections: pairs of Gaussians, and nets by their exact law.

Quadrature is here too.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np

Generator = np.random.Generator
Array = np.ndarray
#: The number of standard deviations beyond which nothing is left of a Gaussian in float64.
TAIL = 12.0


@cache
def nodes(count: int) -> tuple[Array, Array]:
    """Gauss-Legendre nodes and weights on (-1, 1)."""
    return np.polynomial.legendre.leggauss(count)


def quadrature(f: Callable[[Array], Array], low: float, high: float, count: int = 96) -> Any:
    """The integral of a smooth ``f``, exact to rounding."""
    x, weights = nodes(count)
    middle, reach = (low + high) / 2, (high - low) / 2
    return reach * np.sum(weights * f(middle + reach * x))


def pdf(x: Array) -> Array:
    """The standard normal density."""
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)


def relu(x: Array) -> Array:
    """The rectified values."""
    return np.maximum(x, 0)


def pairs(rng: Generator, c: Any, count: int) -> tuple[Array, Array]:
    """Standard Gaussians of correlation ``c``. An array of correlations gives one row each."""
    c = np.asarray(c)[..., None]
    first, second = rng.standard_normal((2, *np.broadcast_shapes(c.shape[:-1], ()), count))
    return first, c * first + np.sqrt(1 - c**2) * second


def map_by_angle(c: float) -> float:
    """The correlation of rectified pairs, for theta = arccos c.

    It is (2/pi) times the integral of cos phi cos(phi - theta) over the angles at which both are
    positive.
    """
    theta = 2 * np.arcsin(np.sqrt((1 - c) / 2))  # exact also near c = 1
    both = quadrature(
        lambda phi: np.cos(phi) * np.cos(phi - theta), theta - np.pi / 2, np.pi / 2, 32
    )
    return float(2 / np.pi * both)


def two_inputs(rng: Generator, width: int, nets: int) -> Iterator[tuple[Array, Array]]:
    """Pre-activations of two independent standard Gaussian inputs, layer after layer, one net per
    row.

    Each layer is drawn given the layer below.
    """
    first, second = rng.standard_normal((2, nets, width))
    while True:
        one, other = (np.sum(h * h, axis=1) for h in (first, second))
        cosine = np.sum(first * second, axis=1) / np.sqrt(one * other)
        z, w = pairs(rng, cosine, width)
        z *= np.sqrt(2 * one / width)[:, None]
        w *= np.sqrt(2 * other / width)[:, None]
        yield z, w
        first, second = relu(z), relu(w)


def cosines(one: Array, other: Array) -> Array:
    """Cosines between the rows of two arrays."""
    norms = np.sqrt(np.sum(one**2, axis=1) * np.sum(other**2, axis=1))
    return np.sum(one * other, axis=1) / norms
