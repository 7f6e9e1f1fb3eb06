"""Stochastic gradient descent: plain, heavy ball, Nesterov (polyak1964, page2019).

With g the gradient of the mean loss plus decay times the weights w, momentum beta, rate lr:

    v <- beta v - lr g
    w <- w + v                  heavy ball; plain at beta = 0
    w <- w + beta v - lr g      Nesterov
"""

from dataclasses import dataclass

from deepnet.tape import Linearised
from deepnet.training.rule import Memory, Weights


@dataclass(frozen=True)
class SGD:
    """The rule above; it remembers the velocity v of each weight, which starts at zero."""

    momentum: float = 0.0
    nesterov: bool = False
    decay: float = 0.0

    def start(self, weights: Weights) -> Memory:
        """The velocity at rest."""
        return {name: w * 0 for name, w in weights.items()}

    def step(
        self,
        weights: Weights,
        memory: Memory,
        gradient: Weights,
        lr: float,
        at: Linearised | None = None,
    ) -> tuple[Weights, Memory]:
        """See ``Rule``."""
        moved, velocity = {}, {}
        for name, w in weights.items():
            push = lr * (gradient[name] + self.decay * w)
            v = self.momentum * memory[name] - push
            moved[name] = w + (self.momentum * v - push if self.nesterov else v)
            velocity[name] = v
        return moved, velocity
