"""A rule of descent: how weights move, and its memory from step to step."""

from typing import Any, Protocol

from deepnet.tape import Linearised

Array = Any
Weights = dict[str, Array]
#: Named arrays; they are stored with the weights, so that a training goes on to the same bits.
Memory = dict[str, Array]


class Rule(Protocol):
    """SGD, Adam, RMSprop, K-FAC, or one of these rules with something done after each step."""

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
        """The weights and the memory after one step at rate ``lr``. The arguments stay unchanged.

        ``gradient`` is the gradient of the mean loss. ``at`` is the linearised loss itself. Rules
        that use curvature ask it for curvature.
        """
        ...
