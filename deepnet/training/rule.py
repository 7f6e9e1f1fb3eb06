"""What a rule of descent is: how weights move, and what it remembers from step to step."""

from typing import Any, Protocol

from deepnet.tape import Linearised

Array = Any
Weights = dict[str, Array]
#: Named arrays; they are stored with the weights, so that a training goes on to the same bits.
Memory = dict[str, Array]


class Rule(Protocol):
    """SGD, Adam, RMSprop, K-FAC, or one of them with something done after each step."""

    def start(self, weights: Weights) -> Memory:
        """The memory before the first step."""
        ...

    def step(
        self,
        weights: Weights,
        memory: Memory,
        gradient: Weights,
        lr: float,
        at: Linearised | None = None,
    ) -> tuple[Weights, Memory]:
        """Weights and memory after one step at rate ``lr``; the arguments stay as they are.

        ``gradient`` is that of the mean loss; ``at``, the linearised loss that it is of, is asked
        for curvature by rules that use it.
        """
        ...
