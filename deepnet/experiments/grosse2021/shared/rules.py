"""Rules of descent treat the layers before a batch norm differently from the rest.

The length of the weights before a batch norm is free. Decay, a schedule or another scale may
therefore act on these weights alone. The output layer, whose length the loss sees, keeps the usual
rule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from deepnet.tape import Linearised
from deepnet.training import SGD
from deepnet.training.rule import Memory, Weights


@dataclass(frozen=True)
class OwnRates:
    """Descent in which some layers have their own rates.

    ``factors`` {layer: factor}: the factors of their rates.
    """

    factors: Mapping[str, float]
    rule: SGD = field(default_factory=SGD)

    def start(self, weights: Weights) -> Memory:
        """The memory of the rule."""
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

    ``layers``: the layers with decay and growing rates. The rest have neither.
    ``root``: at step k their rate is lr ``root``^(-2k-1), or lr where ``root`` is 0.
    ``buffer``: their first buffer is ``buffer`` w. The first buffer of the rest is 0.

    The rule remembers the buffers and the number of steps.
    """

    layers: Sequence[str]
    beta: float = 0.0
    decay: float = 0.0
    root: float = 0.0
    buffer: float = 0.0

    def start(self, weights: Weights) -> Memory:
        """The first buffers, and the number of steps, 0."""
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
