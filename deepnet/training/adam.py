"""Adam (kingmaba2015), as PyTorch computes it.

With g the gradient of the mean loss plus decay times the weights w, betas b1 and b2, rate lr, at
step number t = 1, 2, ..., entry by entry:

    m <- b1 m + (1 - b1) g
    v <- b2 v + (1 - b2) g^2
    w <- w - lr/(1 - b1^t) m/(sqrt(v/(1 - b2^t)) + eps)
"""

from dataclasses import dataclass

import numpy as np

from deepnet.tape import Linearised
from deepnet.training.rule import Memory, Weights


@dataclass(frozen=True)
class Adam:
    """The rule of the module.

    It remembers m and v ("first" and "second", from zero) and t ("steps").
    """

    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    decay: float = 0.0

    def start(self, weights: Weights) -> Memory:
        """The memory with both moments zero."""
        moments: Memory = {
            f"{moment}:{name}": w * 0
            for moment in ("first", "second")
            for name, w in weights.items()
        }
        return moments | {"steps": np.array(0)}

    def step(
        self,
        weights: Weights,
        memory: Memory,
        gradient: Weights,
        lr: float,
        at: Linearised | None = None,
    ) -> tuple[Weights, Memory]:
        """See ``Rule``."""
        b1, b2 = self.betas
        t = int(memory["steps"]) + 1
        moved: Weights = {}
        after: Memory = {"steps": np.array(t)}
        for name, w in weights.items():
            g = gradient[name] + self.decay * w
            m = b1 * memory[f"first:{name}"] + (1 - b1) * g
            v = b2 * memory[f"second:{name}"] + (1 - b2) * (g * g)
            moved[name] = w - lr / (1 - b1**t) * m / ((v / (1 - b2**t)) ** 0.5 + self.eps)
            after |= {f"first:{name}": m, f"second:{name}": v}
        return moved, after
