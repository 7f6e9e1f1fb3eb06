"""Stochastic gradient descent: plain, heavy ball, Nesterov (polyak1964, page2019).

With g the gradient of the mean loss plus decay times the weights w, momentum beta, rate lr:

    v <- beta v - lr g
    w <- w + v                  heavy ball; plain at beta = 0
    w <- w + beta v - lr g      Nesterov
"""

from dataclasses import dataclass
from typing import Any

from deepnet.backend import scalar
from deepnet.ops.hot import hot
from deepnet.tape import Linearised
from deepnet.training.rule import Memory, Weights

Array = Any


@dataclass(frozen=True)
class SGD:
    """The rule of the module. It remembers the velocity v of each weight, which starts at zero.

    On a device the rate may be an array of one number, which a graph reads at each launch.
    """

    momentum: float = 0.0
    nesterov: bool = False
    decay: float = 0.0

    def start(self, weights: Weights) -> Memory:
        """The memory with v zero."""
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
        lr = scalar(next(iter(weights.values())), lr)  # once for all weights
        for name, w in weights.items():
            moved[name], velocity[name] = _descended(
                w, memory[name], gradient[name], lr, self.momentum, self.decay, self.nesterov
            )
        return moved, velocity


@hot
def _descended(
    w: Array, velocity: Array, g: Array, lr: float, momentum: float, decay: float, nesterov: bool
) -> tuple[Array, Array]:
    """A weight and its velocity after the step."""
    push = lr * (g + decay * w)
    v = momentum * velocity - push
    return w + (momentum * v - push if nesterov else v), v
