"""Stochastic gradient descent: plain, heavy ball, Nesterov (polyak1964, page2019).

With g the gradient of the mean loss plus decay times the weights w, momentum beta, rate lr:

    v <- beta v - lr g
    w <- w + v                  heavy ball; plain at beta = 0
    w <- w + beta v - lr g      Nesterov
"""

from dataclasses import dataclass
from typing import Any

Array = Any
Weights = dict[str, Array]


@dataclass(frozen=True)
class SGD:
    """The rule above; its state is the velocity, which starts at zero."""

    momentum: float = 0.0
    nesterov: bool = False
    decay: float = 0.0

    def start(self, weights: Weights) -> Weights:
        """The velocity at rest."""
        return {name: w * 0 for name, w in weights.items()}

    def step(
        self, weights: Weights, velocity: Weights, gradient: Weights, lr: float
    ) -> tuple[Weights, Weights]:
        """Weights and velocity after one step; the arguments stay as they are."""
        new_weights, new_velocity = {}, {}
        for name, w in weights.items():
            push = lr * (gradient[name] + self.decay * w)
            v = self.momentum * velocity[name] - push
            new_weights[name] = w + (self.momentum * v - push if self.nesterov else v)
            new_velocity[name] = v
        return new_weights, new_velocity
