"""Many small tanh nets, trained side by side, which the sections run.

Each net has its own data, and every step takes all of them.
"""

from dataclasses import dataclass

import numpy as np

from sim.derivatives import TINY
from sim.stability.draws import Array


@dataclass
class Nets:
    """Nets of one hidden layer and one output, on labels of either sign, with the squared loss.

    The first axis of every array is the net. Biases are the weights of a last input, 1.
    """

    X: Array
    Y: Array
    W: Array
    V: Array

    @classmethod
    def draw(
        cls, rng: np.random.Generator, count: int, N: int = 2, width: int = 16, examples: int = 20
    ) -> "Nets":
        """Nets with random weights and random data."""
        X = np.concatenate(
            [rng.normal(size=(count, N, examples)), np.ones((count, 1, examples))], 1
        )
        Y = rng.choice([-1.0, 1.0], size=(count, 1, examples))
        W = rng.normal(size=(count, width, N + 1)) / np.sqrt(N + 1)
        return cls(X, Y, W, rng.normal(size=(count, 1, width)) / np.sqrt(width))

    def losses(self) -> Array:
        """The mean squared error of each net, halved."""
        return np.mean((self.V @ np.tanh(self.W @ self.X) - self.Y) ** 2, axis=(1, 2)) / 2

    def gradients(self, W: Array, V: Array) -> tuple[Array, Array]:
        """The gradients in both layers, written by hand."""
        h = np.tanh(W @ self.X)
        back = (V @ h - self.Y) / self.X.shape[-1]
        below = (V.swapaxes(1, 2) @ back) * (1 - h * h)
        return below @ self.X.swapaxes(1, 2), back @ h.swapaxes(1, 2)

    def train(self, eta: float, beta: float, steps: int) -> "Nets":
        """These nets after ``steps`` steps of gradient descent with heavy-ball momentum."""
        W, V = self.W, self.V
        moved_W, moved_V = np.zeros_like(W), np.zeros_like(V)
        for _ in range(steps):
            slope_W, slope_V = self.gradients(W, V)
            moved_W, moved_V = beta * moved_W - eta * slope_W, beta * moved_V - eta * slope_V
            W, V = W + moved_W, V + moved_V
        return Nets(self.X, self.Y, W, V)

    def sharpness(self) -> Array:
        """The largest eigenvalue of each net's Hessian, by complex steps of the gradients."""
        count, width, inputs = self.W.shape
        first = width * inputs
        rows = []
        for axis in 1j * TINY * np.eye(first + width):
            moved = self.gradients(
                self.W + axis[:first].reshape(1, width, inputs),
                self.V + axis[first:].reshape(1, 1, width),
            )
            rows.append(np.concatenate([part.imag.reshape(count, -1) for part in moved], 1) / TINY)
        return np.linalg.eigvalsh(np.array(rows).swapaxes(0, 1))[:, -1]
