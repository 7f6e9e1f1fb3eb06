"""One network is written in two ways, and an algorithm makes its step in the second."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Evidence, Rounded, at
from sim.preconditioning.draws import (
    SIZES,
    Array,
    inputs_with,
    outputs,
    sample_statistics,
    split,
    stacked,
    statistics,
)
from sim.preconditioning.steps import slopes, smooth_loss
from sim.table import simulates
from theory import preconditioning

#: A function of the gradient [G g], the second moments of the outputs' derivatives, and the second
#: moments of the inputs with a one. It returns the step [dW db] at rate 1.
Algorithm = Callable[[Array, Array, Array], Array]


def plain(slope: Array, moments: Array, inputs: Array) -> Array:
    """Gradient descent."""
    return slope


def kfac(slope: Array, moments: Array, inputs: Array) -> Array:
    """The natural gradient with a Kronecker-factored metric."""
    return np.linalg.solve(moments, np.linalg.solve(inputs, slope.T).T)


def quasi_diagonal(slope: Array, moments: Array, inputs: Array) -> Array:
    """The natural gradient with each unit's metric reduced to its diagonal and the bias's row."""
    G, g = slope[:, :-1], slope[:, -1:]
    row, corner = inputs[-1:, :-1], inputs[-1, -1]
    pivots = np.diag(inputs)[None, :-1] - row**2 / corner
    weights = (G - g * row / corner) / pivots
    biases = (g - weights @ row.T) / corner
    return np.hstack([weights, biases]) / np.diag(moments)[:, None]


def second_moments(vectors: Array) -> Array:
    """The mean of xx'."""
    return vectors @ vectors.T / vectors.shape[1]


@dataclass(frozen=True)
class Network:
    """A layer with the maps around it, and many examples for the statistics."""

    theta: Array
    X: Array
    targets: Array
    T: Array
    offset: Array
    Q: Array
    constant: Array
    reference: Array  # inputs for the statistics
    slopes: Array  # derivatives in the outputs, for the statistics

    @property
    def inputs(self) -> Array:
        """The inputs of the transformed layer."""
        return self.T @ self.X + self.offset[:, None]

    def written_anew(self) -> Array:
        """The parameters of the transformed layer."""
        weights, biases = split(self.theta, len(self.Q))
        new = self.Q @ np.linalg.solve(self.T.T, weights.T).T
        return stacked(new, self.Q @ biases + self.constant - new @ self.offset)

    def taken_back(self, transformed: Array) -> Array:
        """The transformed outputs as the layers above map them back."""
        return np.linalg.solve(self.Q, transformed - self.constant[:, None])

    def moved(self, algorithm: Algorithm, rate: float) -> tuple[Array, float]:
        """The movement of the outputs by a step in the transformed network, and the size of its
        terms.

        The movement is taken after the layers above have mapped the outputs back.
        """
        n = len(self.Q)
        theta = self.written_anew()

        def loss(t: Array) -> Array:
            off = self.taken_back(outputs(t, self.inputs, n)) - self.targets
            return np.mean(np.sum(smooth_loss(off), axis=0))

        slope = np.column_stack(split(complex_gradient(loss, theta), n))
        reference = self.T @ self.reference + self.offset[:, None]
        bar = np.vstack([reference, np.ones(reference.shape[1])])
        moments = second_moments(np.linalg.solve(self.Q.T, self.slopes))
        step = rate * algorithm(slope, moments, second_moments(bar))
        after = theta - stacked(step[:, :-1], step[:, -1])
        before = self.taken_back(outputs(theta, self.inputs, n))
        now = self.taken_back(outputs(after, self.inputs, n))
        solved = 1.0 if algorithm is plain else np.linalg.cond(moments) * np.linalg.cond(bar) ** 2
        terms = (abs(theta).max() + abs(step).max() * solved) * (1 + abs(self.inputs).max())
        sizes = theta.size * np.linalg.cond(self.Q) * max(1.0, np.linalg.norm(self.Q, -2) ** -1)
        return now - before, float(terms * sizes)

    def values(self, statistics: bool) -> dict[str, Any]:
        """The values of the claims' parameters."""
        D = slopes(outputs(self.theta, self.X, len(self.Q)) - self.targets)
        maps = {"D": D, "X": self.X, "T": self.T, "offset": self.offset, "Q": self.Q}
        if not statistics:
            return maps
        known = sample_statistics(self.reference)
        return maps | {"S": second_moments(self.slopes), "mu": known.mu, "Sigma": known.Sigma}


def networks(rng: np.random.Generator, scale: Scale, diagonal: bool) -> list[Network]:
    """Random layers, between maps with condition number at most 4."""

    def map_of(size: int) -> Array:
        scales = rng.uniform(0.5, 2, size) * rng.choice([-1.0, 1.0], size)
        if diagonal:
            return np.diag(scales)
        left, right = (np.linalg.qr(rng.normal(size=(size, size)))[0] for _ in range(2))
        return (left * scales) @ right

    return [
        Network(
            theta=rng.normal(size=n * (N + 1)),
            X=rng.normal(size=(N, p)),
            targets=rng.normal(size=(n, p)),
            T=map_of(N),
            offset=rng.normal(size=N),
            Q=map_of(n),
            constant=rng.normal(size=n),
            reference=inputs_with(rng, 20, statistics(rng, N)),
            slopes=inputs_with(rng, 20, statistics(rng, n)),
        )
        for n, N, p in SIZES
        for _ in range(scale.pick(1, 3, 30))
    ]


def _checked(
    rng: np.random.Generator, scale: Scale, algorithm: Algorithm, diagonal: bool
) -> list[Evidence]:
    checks: list[Evidence] = []
    for network in networks(rng, scale, diagonal):
        rate = rng.uniform(0.2, 1.5)
        moved, magnitude = network.moved(algorithm, rate)
        values = network.values(statistics=algorithm is not plain)
        checks.append(Rounded(at(eta=rate, **values), moved, magnitude))
    return checks


@simulates(preconditioning.layer_invariance, unit="network")
def layer_invariance(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """K-FAC's step in the second network, by the second-moment matrices of that network."""
    return _checked(rng, scale, kfac, diagonal=False)


@simulates(preconditioning.unit_invariance, unit="network")
def unit_invariance(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The quasi-diagonal step in the second network, whose maps are of single units."""
    return _checked(rng, scale, quasi_diagonal, diagonal=True)


@simulates(preconditioning.plain_descent, unit="network")
def plain_descent(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The step of descent in the second network."""
    return _checked(rng, scale, plain, diagonal=False)
