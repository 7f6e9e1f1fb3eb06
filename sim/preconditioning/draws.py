"""The draws of the sections: layers, their parameters as one vector, inputs of stated
statistics."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from companion.scale import Scale

Array = np.ndarray
#: (units, inputs, examples). The last layer has one unit and one input.
SIZES = ((2, 3, 8), (3, 2, 5), (1, 4, 9), (1, 1, 3))


def stacked(weights: Array, biases: Array) -> Array:
    """All parameters, vec [weights, biases]: column under column."""
    return np.concatenate([weights.T.ravel(), biases])


def split(theta: Array, n: int) -> tuple[Array, Array]:
    """Weights and biases of ``n`` units from their vector."""
    return theta[:-n].reshape(-1, n).T, theta[-n:]


def outputs(theta: Array, inputs: Array, n: int) -> Array:
    """The outputs of a layer for inputs, one example per column."""
    weights, biases = split(theta, n)
    return np.stack([weights @ x + biases for x in inputs.T], axis=1)


@dataclass(frozen=True)
class Statistics:
    """A mean, a covariance with condition number at most 16, and a factor L of it, LL'."""

    mu: Array
    Sigma: Array
    L: Array

    def standardised(self, inputs: Array) -> Array:
        """L^-1 (x - mu) for each example."""
        return np.linalg.solve(self.L, inputs - self.mu[:, None])

    def to_standard(self, theta: Array, n: int) -> Array:
        """The parameters for standardised inputs that keep the outputs."""
        weights, biases = split(theta, n)
        return stacked(weights @ self.L, biases + weights @ self.mu)

    def from_standard(self, theta: Array, n: int) -> Array:
        """The parameters for inputs as they are, from the parameters for standardised inputs."""
        weights, biases = split(theta, n)
        old = np.linalg.solve(self.L.T, weights.T).T
        return stacked(old, biases - old @ self.mu)


def statistics(rng: np.random.Generator, N: int) -> Statistics:
    """A random mean, a covariance, and a factor that is not symmetric."""
    axes, turn = (np.linalg.qr(rng.normal(size=(N, N)))[0] for _ in range(2))
    root = axes * rng.uniform(0.5, 2, N)
    Sigma = root @ root.T
    return Statistics(rng.normal(size=N) + 1, (Sigma + Sigma.T) / 2, root @ turn)


def sample_statistics(inputs: Array) -> Statistics:
    """The statistics of data, by the mean and by Cholesky's factor of the covariance."""
    mu = inputs.mean(axis=1)
    centred = inputs - mu[:, None]
    Sigma = centred @ centred.T / inputs.shape[1]
    return Statistics(mu, Sigma, np.linalg.cholesky(Sigma))


def inputs_with(rng: np.random.Generator, p: int, given: Statistics) -> Array:
    """``p`` examples whose sample mean and sample covariance are ``given``."""
    drawn = rng.normal(size=(len(given.mu), p))
    return given.mu[:, None] + given.L @ sample_statistics(drawn).standardised(drawn)


def jacobian(function: Callable[[Array], Array], size: int) -> Array:
    """The matrix of a linear function, from its values on the unit vectors."""
    return np.stack([function(axis) for axis in np.eye(size)], axis=1)


def layers(rng: np.random.Generator, scale: Scale) -> list[tuple[int, int, int, Array, Statistics]]:
    """Units, inputs, examples, random parameters and statistics, at all ``SIZES``."""
    return [
        (n, N, p, rng.normal(size=n * (N + 1)), statistics(rng, N))
        for n, N, p in SIZES
        for _ in range(scale.pick(1, 3, 30))
    ]


def squared_loss(theta: Array, inputs: Array, targets: Array) -> Any:
    """Half the mean squared distance of the outputs from their targets."""
    off = outputs(theta, inputs, len(targets)) - targets
    return np.sum(off**2) / (2 * inputs.shape[1])


def principal_curvatures(inputs: Array) -> Array:
    """Eigenvalues, largest first, of the squared loss's Hessian for one unit.

    They are the squares of the singular values of its outputs as a function of weights and bias.
    """
    size, p = len(inputs) + 1, inputs.shape[1]
    linear = jacobian(lambda theta: outputs(theta, inputs, 1)[0], size)
    return np.linalg.svd(linear, compute_uv=False) ** 2 / p
