"""Rules of descent that treat the layers before a batch norm otherwise than the rest.

The length of the weights before a batch norm is free: decay, a schedule or another scale may be put
on them alone, while the output layer, whose length is seen, goes on as it did.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from deepnet.tape import Linearised
from deepnet.training import SGD
from deepnet.training.rule import Memory, Weights


@dataclass(frozen=True)
class OwnRates:
    """Descent in which ``factors`` {layer: factor} multiply the rate of these layers."""

    factors: Mapping[str, float]
    rule: SGD = field(default_factory=SGD)

    def start(self, weights: Weights) -> Memory:
        """The rule's memory."""
        return self.rule.start(weights)

    def step(
        self,
        weights: Weights,
        memory: Memory,
        gradient: Weights,
        lr: float,
        at: Linearised | None = None,
    ) -> tuple[Weights, Memory]:
        """See ``Rule``."""
        scaled = {name: self.factors.get(name, 1.0) * g for name, g in gradient.items()}
        return self.rule.step(weights, memory, scaled, lr, at)


@dataclass(frozen=True, kw_only=True)
class GrowingRates:
    """The heavy ball with buffers of gradients: v <- beta v + g + decay w, w <- w - rate v.

    The ``layers`` alone have the ``decay``, and at step k the rate lr ``root``^(-2k-1), or lr where
    ``root`` is 0; the others have lr. A layer of them starts with the buffer ``buffer`` w, all
    others with 0. It remembers the buffers and the number of steps.
    """

    layers: Sequence[str]
    beta: float = 0.0
    decay: float = 0.0
    root: float = 0.0
    buffer: float = 0.0

    def start(self, weights: Weights) -> Memory:
        """The first buffers, and no steps."""
        memory = {n: w * (self.buffer if n in self.layers else 0.0) for n, w in weights.items()}
        return memory | {"steps": np.array(0)}

    def step(
        self,
        weights: Weights,
        memory: Memory,
        gradient: Weights,
        lr: float,
        at: Linearised | None = None,
    ) -> tuple[Weights, Memory]:
        """See ``Rule``."""
        k = int(memory["steps"])
        grown = lr * self.root ** (-2 * k - 1) if self.root else lr
        moved: Weights = {}
        after: Memory = {"steps": np.array(k + 1)}
        for name, w in weights.items():
            free = name in self.layers
            v = self.beta * memory[name] + gradient[name]
            after[name] = v + self.decay * w if free else v
            moved[name] = w - (grown if free else lr) * after[name]
        return moved, after
