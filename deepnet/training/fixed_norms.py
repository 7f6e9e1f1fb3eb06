"""Weights of fixed length: after each step every unit is scaled back (grosse2021).

A unit's weights w_k are a row of a dense layer or a filter of a convolution. After a step of any
rule

    w_k <- l_k w_k/|w_k|

where l_k is the length at the start, or one length for all units. Before a batch norm (without eps)
the scaling does not change the net's function. It only keeps the effective rate lr/|w_k|^2 fixed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from companion.errors import UsageError
from deepnet.backend import array_module
from deepnet.tape import Linearised
from deepnet.training.rule import Memory, Rule, Weights

Array = Any


@dataclass(frozen=True)
class FixedNorms:
    """``rule``, with the units of ``layers`` scaled back to ``length`` (None: their first length).

    It remembers the memory of ``rule`` and the lengths ("length:<layer>").
    """

    rule: Rule
    layers: Sequence[str]
    length: float | None = None

    def start(self, weights: Weights) -> Memory:
        """The rule's memory and the lengths to keep.

        Raises UsageError for a layer that the net does not have, and for units whose weights are
        all zero.
        """
        memory = self.rule.start(weights)
        for layer in self.layers:
            if layer not in weights:
                raise UsageError(f"no layer {layer!r} in the net; it has {', '.join(weights)}")
            own = lengths(weights[layer])
            if not own.all():
                raise UsageError(f"a unit of {layer!r} has no direction: its weights are all zero")
            memory[f"length:{layer}"] = own if self.length is None else own * 0 + self.length
        return memory

    def step(
        self,
        weights: Weights,
        memory: Memory,
        gradient: Weights,
        lr: float,
        at: Linearised | None = None,
    ) -> tuple[Weights, Memory]:
        """See ``Rule``."""
        moved, after = self.rule.step(weights, memory, gradient, lr, at)
        for layer in self.layers:
            wanted = memory[f"length:{layer}"]
            moved[layer] = scaled(moved[layer], wanted / lengths(moved[layer]))
            after[f"length:{layer}"] = wanted
        return moved, after


def lengths(weight: Array) -> Array:
    """The lengths |w_k|, (units,), for a layer's ``weight`` (units, ...)."""
    return array_module(weight).linalg.norm(weight.reshape(len(weight), -1), axis=1)


def scaled(weight: Array, factors: Array) -> Array:
    """Each unit of ``weight`` (units, ...), multiplied by its factor."""
    return weight * factors.reshape(-1, *[1] * (weight.ndim - 1))
