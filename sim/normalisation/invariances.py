"""Outputs and derivatives are compared before and after weights or inputs are changed."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Form, Predict, Rounded, at
from sim.normalisation.draws import Array, Generator, along, batch_norm, layer, spread
from sim.table import simulates
from theory import normalisation

LAYERS = ((3, 2), (2, 5), (10, 16))


def known(X: Array, W: Array, eps: float = 0.0) -> float:
    """The rounding that the outputs of batch norm after a layer suffer."""
    terms = np.abs(X).T @ np.abs(W)
    return len(terms) * (1 + float(terms.max()) / spread(X.T @ W, eps))


@simulates(normalisation.weight_rescaling, unit="layer")
def weight_rescaling(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Outputs for weights that are larger, smaller, and turned round.

    The last are so small that eps rules.
    """
    for gamma, eps in ((-0.3, 0.1), (2.0, 0.1), (3.0, 0.0), (-2.0, 0.0), (1e-3, 1e-5)):
        for N, B in LAYERS:
            X, W = layer(rng, N, B)
            out = batch_norm(X.T @ (gamma * W), eps)
            yield Rounded(at(X=X, W=W, gamma=gamma, eps=eps), out, known(X, W))


@simulates(normalisation.input_invariance, unit="layer")
def input_invariance(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Inputs shifted by a vector and scaled by a number."""
    for gamma, eps in ((-0.3, 0.1), (2.0, 0.1), (3.0, 0.0), (-2.0, 0.0)):
        for N, B in LAYERS:
            (X, W), mu = layer(rng, N, B), 10 * rng.normal(size=N)
            moved = gamma * X + mu[:, None]
            out = batch_norm(moved.T @ W, eps)
            values: dict[str, Any] = {"X": X, "W": W, "mu": mu, "gamma": gamma, "eps": eps}
            yield Rounded(at(**values), out, known(X, W) + known(moved, W))


@simulates(normalisation.feature_rescaling, unit="layer")
def feature_rescaling(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The mean product of the outputs before and after every input is multiplied by its own
    factor."""
    for N, B in ((3, 4), (2, 5), (10, 16)):
        for factors in (rng.uniform(0.2, 3, N), rng.normal(size=N), np.full(N, 1.7)):
            X, W = layer(rng, N, B)
            scaled = factors[:, None] * X
            product = np.mean(batch_norm(scaled.T @ W) * batch_norm(X.T @ W))
            size = (known(X, W) + known(scaled, W)) ** 2
            yield Rounded(at(X=X, W=W, factors=factors), product, size)


@simulates(normalisation.homogeneity, unit="layer")
def homogeneity(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Gradient and Hessian of a loss at weights W and gamma W, derivative by derivative.

    The loss is no polynomial of the normalised outputs.
    """
    N, B = 3, 8
    for gamma in (2.0, 0.4):
        (X, W), phases = layer(rng, N, B), rng.normal(size=B)

        def loss(outputs: Array, phases: Array = phases) -> complex:
            return np.sum(np.sin(phases + batch_norm(outputs)))

        def second(outputs: Array, moves: Array) -> Array:
            """The Hessian, from second derivatives along sums and differences of moves."""
            pairs = [[(a + b, a - b) for a in moves] for b in moves]
            return np.array(
                [
                    [
                        (along(loss, outputs, p, order=2) - along(loss, outputs, m, order=2)) / 4
                        for p, m in row
                    ]
                    for row in pairs
                ]
            )

        y = X.T @ W
        gradients = [np.array([along(loss, gamma_ * y, row) for row in X]) for gamma_ in (1, gamma)]
        hessians = [second(gamma_ * y, X) for gamma_ in (1, gamma)]
        # the error of the outputs. The loss grows like exp on the circle, whose radius divides
        base = np.exp(2) * B * known(X, W) * np.abs(X).max() / spread(y) * 8
        sizes = base * (1 + 1 / gamma), base**2 * (1 + 1 / gamma**2)
        times = hessians[1] @ (gamma * W)

        def scaled(name: str, vector: Array, gamma: float = gamma) -> Predict:
            def predict(form: Form) -> Array:
                return form(gamma=gamma)[name] * vector

            return predict

        yield Rounded(scaled("gradient", gradients[0]), gradients[1], sizes[0])
        yield Rounded(scaled("hessian", hessians[0]), hessians[1], sizes[1])
        slope = gamma * W @ gradients[1]
        yield Rounded(at("radial_slope", gamma=gamma), slope, sizes[0] * np.abs(W).sum())
        yield Rounded(scaled("radial_curvature", gradients[1]), times, sizes[1] * np.abs(W).sum())
