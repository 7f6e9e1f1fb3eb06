"""RMSprop (tielemanhinton2012), as PyTorch computes it.

With g the gradient of the mean loss plus decay times the weights w, alpha the share of the old
average, momentum beta, rate lr, entry by entry:

    v <- alpha v + (1 - alpha) g^2
    u <- beta u + g/(sqrt(v) + eps)
    w <- w - lr u
"""

from dataclasses import dataclass

from deepnet.tape import Linearised
from deepnet.training.rule import Memory, Weights


@dataclass(frozen=True)
class RMSprop:
    """The rule of the module. It remembers v ("square") and u ("velocity"), both from zero."""

    alpha: float = 0.99
    eps: float = 1e-8
    momentum: float = 0.0
    decay: float = 0.0

    def start(self, weights: Weights) -> Memory:
        """The memory with v and u zero."""
        squares = {f"square:{name}": w * 0 for name, w in weights.items()}
        return squares | {f"velocity:{name}": w * 0 for name, w in weights.items()}

    def step(
        self,
        weights: Weights,
        memory: Memory,
        gradient: Weights,
        lr: float,
        at: Linearised | None = None,
    ) -> tuple[Weights, Memory]:
        """See ``Rule``."""
        moved: Weights = {}
        after: Memory = {}
        for name, w in weights.items():
            g = gradient[name] + self.decay * w
            v = self.alpha * memory[f"square:{name}"] + (1 - self.alpha) * (g * g)
            u = self.momentum * memory[f"velocity:{name}"] + g / (v**0.5 + self.eps)
            moved[name] = w - lr * u
            after |= {f"square:{name}": v, f"velocity:{name}": u}
        return moved, after
