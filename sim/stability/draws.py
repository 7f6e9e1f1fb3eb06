"""The draws of the sections: small nets that are written out by hand, and their derivatives.

First derivatives are complex steps, exact to rounding. Higher derivatives are means over a circle
in the complex plane (Cauchy's integral by equal weights), exact to rounding for an analytic
function. The Hessian is the complex step of the gradient. The gradient is compared with the
gradient of the loss.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.derivatives import complex_gradient
from sim.evidence import Form

Array = np.ndarray
Function = Callable[[Any], Any]


def line(f: Function, start: Array, direction: Array) -> Function:
    """``f`` at start + t direction, as a function of t."""

    def along(t: Any) -> Any:
        return f(start + t * direction)

    return along


def cross_entropy(outputs: Any, target: Array) -> Any:
    """log(sum exp z) - target'z, one column per example."""
    top = np.max(outputs.real, axis=0)
    return top + np.log(np.sum(np.exp(outputs - top), axis=0)) - np.sum(target * outputs, axis=0)


def probabilities(outputs: Any) -> Any:
    """The softmax of every column."""
    powers = np.exp(outputs - np.max(outputs.real, axis=0))
    return powers / np.sum(powers, axis=0)


def one_hot(rng: np.random.Generator, M: int, B: int) -> Array:
    """Targets: a random class per example."""
    return np.eye(M)[:, rng.integers(M, size=B)]


@dataclass
class SmallNet:
    """A tanh net with one hidden layer, a softmax, and its data. Width 0 is softmax regression.

    Parameters are one vector: hidden weights and biases, then the weights and biases of the last
    layer.
    """

    X: Array
    target: Array
    width: int

    @property
    def last(self) -> int:
        """The number of parameters of the last layer."""
        return len(self.target) * ((self.width or len(self.X)) + 1)

    @property
    def size(self) -> int:
        """The number of parameters."""
        return self.width * (len(self.X) + 1) + self.last

    def layers(self, theta: Array) -> tuple[Array, Array]:
        """The weights of both layers. The last column has the biases."""
        first, second = np.split(theta, [self.size - self.last])
        return first.reshape(self.width, len(self.X) + 1), second.reshape(len(self.target), -1)

    def hidden(self, theta: Array) -> Array:
        """The inputs of the last layer, one example per column, with a row of ones."""
        ones = np.ones((1, self.X.shape[1]))
        if not self.width:
            return np.concatenate([self.X, ones])
        return np.concatenate(
            [np.tanh(self.layers(theta)[0] @ np.concatenate([self.X, ones])), ones]
        )

    def outputs(self, theta: Array) -> Array:
        """The outputs before softmax, one example per column."""
        return self.layers(theta)[1] @ self.hidden(theta)

    def losses(self, theta: Array) -> Array:
        """The cross-entropy of each example."""
        return np.asarray(cross_entropy(self.outputs(theta), self.target))

    def loss(self, theta: Array) -> Any:
        """The mean cross-entropy."""
        return np.mean(self.losses(theta))

    def gradient(self, theta: Array) -> Array:
        """The gradient of the mean cross-entropy, written by hand."""
        h = self.hidden(theta)
        _, W = self.layers(theta)
        back = (probabilities(W @ h) - self.target) / self.X.shape[1]
        if not self.width:
            return (back @ h.T).ravel()
        below = (W[:, :-1].T @ back) * (1 - h[:-1] ** 2)
        inputs = np.concatenate([self.X, np.ones((1, self.X.shape[1]))])
        return np.concatenate([(below @ inputs.T).ravel(), (back @ h.T).ravel()])

    def hessian(self, theta: Array) -> Array:
        """The Hessian of the mean cross-entropy, by complex steps of the gradient."""
        return complex_gradient(self.gradient, theta)

    def start(self, rng: np.random.Generator, scale: float = 1.0) -> Array:
        """Random parameters."""
        return scale * rng.normal(size=self.size)


def nets(rng: np.random.Generator, sizes: Any) -> Iterator[SmallNet]:
    """Nets of (inputs, width, classes, examples), on Gaussian inputs with a mean."""
    for N, width, M, B in sizes:
        yield SmallNet(rng.normal(size=(N, B)) + 0.5, one_hot(rng, M, B), width)


def with_spectrum(rng: np.random.Generator, eigenvalues: Any) -> tuple[Array, Array]:
    """A symmetric matrix of these eigenvalues, and its eigenvectors as columns."""
    axes = np.linalg.qr(rng.normal(size=(len(eigenvalues),) * 2))[0]
    matrix = (axes * np.asarray(eigenvalues, float)) @ axes.T
    return (matrix + matrix.T) / 2, axes


def sides(values: list[dict[str, Any]]) -> Callable[[Form], tuple[Any, Any]]:
    """Both sides of a bound at each of the ``values``.

    A side that the bound does not have is None.
    """

    def predict(form: Form) -> tuple[Any, Any]:
        bounds = [form(**each) for each in values]
        lower, upper = (
            [each[side] for each in bounds] if side in bounds[0] else None
            for side in ("lower", "upper")
        )
        return lower, upper

    return predict
