"""Derivatives of the loss are taken where only y, the mean or the variance follows a move."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Form, Predict, Rounded, at
from sim.normalisation.draws import (
    SIZES,
    Array,
    Generator,
    along,
    batch,
    batch_norm,
    layer,
    loss_of,
    rounding,
    spread,
)
from sim.table import simulates
from theory import normalisation


@simulates(normalisation.paths, unit="batch")
def paths(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Derivatives along each path alone, and their sum against the derivative of the whole."""
    for eps in (0.3, 0.0):
        for B in SIZES:
            y, g, gamma = batch(rng, B), rng.normal(size=B), rng.normal()
            values: dict[str, Any] = {"y": y, "g": g, "gamma": gamma, "eps": eps}
            held = (y, np.mean(y), np.mean((y - y.mean()) ** 2))

            def loss(
                inputs: Array, mean: complex, variance: complex, g: Array = g, eps: float = eps
            ) -> complex:
                return np.sum(g * (inputs - mean)) / np.sqrt(variance + eps)

            followers = {
                "direct": lambda x, held=held, loss=loss: loss(x, held[1], held[2]),
                "mean": lambda x, held=held, loss=loss: loss(held[0], np.mean(x), held[2]),
                "variance": lambda x, held=held, loss=loss: loss(
                    held[0], held[1], np.mean((x - np.mean(x)) ** 2)
                ),
                "total": lambda x, g=g, eps=eps: np.sum(g * batch_norm(x, eps)),
            }
            size = abs(gamma) * np.abs(g).sum() * rounding(y, eps)
            for name, follow in followers.items():
                slopes = [gamma * along(follow, y, axis, eps) for axis in np.eye(B)]
                whole = at(name, **values) if name != "total" else added_up(**values)
                yield Rounded(whole, slopes, size)


def added_up(**values: Any) -> Predict:
    """The sum of the paths of a form."""

    def predict(form: Form) -> Any:
        return np.sum(list(form(**values).values()), axis=0)

    return predict


@simulates(normalisation.centring_gradient, unit="layer")
def centring_gradient(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Differences of a loss that is linear in the centred outputs, exact at any step."""
    for N, B in ((3, 2), (1, 5), (10, 16)):
        (X, W), g = layer(rng, N, B), rng.normal(size=B)

        def loss(weights: Array, X: Array = X, g: Array = g) -> float:
            outputs = X.T @ weights
            return float(g @ (outputs - outputs.mean()))

        slopes = [(loss(W + axis) - loss(W - axis)) / 2 for axis in np.eye(N)]
        size = np.abs(g).sum() * np.abs(X).max() * (np.abs(W).sum() + 1)
        yield Rounded(at(X=X, g=g), slopes, size)


@simulates(normalisation.weight_gradient, unit="layer")
def weight_gradient(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Derivatives of the loss in one weight at a time."""
    for eps in (0.3, 0.0):
        for N, B in ((3, 3), (2, 5), (10, 16)):
            (X, W), g, gamma = layer(rng, N, B), rng.normal(size=B), rng.normal()
            y = X.T @ W

            def loss(outputs: Array, g: Array = g, eps: float = eps) -> complex:
                return np.sum(g * batch_norm(outputs, eps))

            # a move of one weight moves the outputs along a row of X
            slopes = [gamma * along(loss, y, row, eps) for row in X]
            terms = np.abs(X).T @ np.abs(W)
            size = abs(gamma) * np.abs(g).sum() * B * np.abs(X).max() / spread(y, eps)
            size = size * (1 + terms.max() / spread(y)) * loss_of(y)
            yield Rounded(at(X=X, W=W, g=g, gamma=gamma, eps=eps), slopes, size)
