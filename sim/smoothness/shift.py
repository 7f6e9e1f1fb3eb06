"""Internal covariate shift: a layer's gradient before and after a step of the layers below."""

from collections.abc import Callable
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Evidence, Fitted, Rounded, at
from sim.smoothness.draws import Array, Values
from sim.table import simulates
from theory import smoothness

#: The loss of a net as a function of its layers' weights, from the first layer on.
Net = Callable[[list[Array]], Any]
#: (inputs, examples, width).
SHAPES = ((3, 5, 2), (2, 4, 3), (1, 1, 1))


def gradient(net: Net, weights: list[Array], layer: int) -> Array:
    """The gradient in one layer's weights, by complex steps."""

    def loss(moved: Array) -> Any:
        return net([moved if k == layer else each for k, each in enumerate(weights)])

    return complex_gradient(loss, weights[layer])


def covariate_shift_of(net: Net, weights: list[Array], layer: int, rate: float) -> Array:
    """The layer's gradient less its gradient after all layers below it took their step."""
    below = [each - rate * gradient(net, weights, k) for k, each in enumerate(weights[:layer])]
    return gradient(net, weights, layer) - gradient(net, below + weights[layer:], layer)


def linear_net(X: Array, Y: Array) -> Net:
    """The squared loss of two linear layers, example by example."""

    def net(weights: list[Array]) -> Any:
        below, above = weights
        return sum((above @ (below @ x) - y) ** 2 for x, y in zip(X.T, Y, strict=True)) / (
            2 * len(Y)
        )

    return net


def problem(rng: np.random.Generator, N: int, p: int, n: int) -> tuple[Array, Array, list[Array]]:
    """Inputs, targets and the weights of two layers."""
    return rng.normal(size=(N, p)), rng.normal(size=p), [
        rng.normal(size=(n, N)),
        rng.normal(size=n),
    ]  # fmt: skip


def size_of_terms(X: Array, Y: Array, weights: list[Array], rate: float) -> float:
    """The size of the terms that the gradients of a step add."""
    inputs, (below, above) = np.abs(X).max(), map(np.abs, weights)
    error = (inputs * below.sum() * above.sum() + np.abs(Y).max()) * inputs * X.shape[0]
    after = (below.sum() + rate * above.sum() * error) * error
    return float(8 * (1 + rate * above.sum() ** 2 * X.shape[0] * inputs**2) * (after + error))


@simulates(smoothness.covariate_shift, unit="net")
def covariate_shift(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The gradients of two linear layers, before and after the first layer's step.

    The first layer has no layer below it.
    """
    checks: list[Evidence] = []
    for N, p, n in SHAPES:
        X, Y, weights = problem(rng, N, p, n)
        for rate in (0.0, 0.1, 0.7):
            values: Values = {
                "X": X,
                "Y": Y,
                "W_below": weights[0],
                "W_above": weights[1],
                "eta": rate,
            }
            first, second = (
                np.linalg.norm(covariate_shift_of(linear_net(X, Y), weights, layer, rate))
                for layer in (0, 1)
            )
            size = n * size_of_terms(X, Y, weights, rate)
            checks.append(Rounded(at("second layer", **values), second, size))
            checks.append(Rounded(at("first layer", **values), first, 0.0))
    return checks


@simulates(smoothness.covariate_shift_rate, unit="net")
def covariate_shift_rate(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The shift over the rate, for shrinking rates.

    The net is one net, with its examples, inputs and units in any order and sign.
    """
    X = np.array([[1.0, 2.0, 0.5], [0.0, 1.0, -1.0]])
    Y = np.array([1.0, 0.0, -2.0])
    below, above = np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([1.0, 0.5])
    examples, inputs, units = rng.permutation(3), rng.permutation(2), rng.permutation(2)
    signs = rng.choice([-1.0, 1.0], 2)
    X, Y = X[np.ix_(inputs, examples)], Y[examples]
    below, above = (signs[:, None] * below)[np.ix_(units, inputs)], (signs * above)[units]
    rates = 2.0 ** -np.arange(4, 14)
    net = linear_net(X, Y)
    shifts = [np.linalg.norm(covariate_shift_of(net, [below, above], 1, rate)) for rate in rates]
    values = at(X=X, Y=Y, W_below=below, W_above=above)
    return [Fitted(values, np.array(shifts) / rates, 1 / rates, 1.0)]


@simulates(smoothness.one_layer, unit="loss")
def one_layer(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The shift of one weight on a bumpy loss, and the steepest change of its slope.

    The change is taken from the mean over circles of complex displacements, over a range of
    weights.
    """
    checks: list[Evidence] = []
    for _ in range(4):
        lam, height, freq = rng.uniform(0.1, 2, 3)
        rate = rng.uniform(0.1, 1)

        def net(weights: list[Array], lam=lam, height=height, freq=freq) -> Any:  # type: ignore
            (w,) = weights[0]
            return lam * w**2 / 2 + height * (1 - np.cos(freq * w))

        circle = np.exp(2j * np.pi * np.arange(32) / 32) / freq
        places = np.append(rng.uniform(-5, 5, 50), 0.0)
        bends = [
            2 * np.mean([net([np.array([w + t])]) / t**2 for t in circle]).real for w in places
        ]
        values: Values = {"lam": lam, "height": height, "freq": freq, "eta": rate}
        shift = covariate_shift_of(net, [rng.normal(size=1)], 0, rate)
        size = (lam * (5 + 1 / freq) ** 2 + 4 * height) * freq**2
        checks.append(Rounded(at("roughness", **values), max(np.abs(bends)), 4 * size))
        checks.append(Rounded(at("covariate shift", **values), shift, 0.0))
    return checks
