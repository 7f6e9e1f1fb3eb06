"""What enters and leaves the activation functions of a net, layer by layer.

A forward pass is recorded by a tape that keeps what pointwise operations take and give. So every
net written in operations can be recorded as it is, normed or not, and what is seen is what is
computed; a wrapper of the norm would see neither layers without one nor what follows it, and the
tape of a ``Linearised`` keeps no values by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deepnet.backend import beside
from deepnet.ops.families import Pointwise
from deepnet.problem import Problem
from deepnet.tape import Operation, Tape, Var

Array = Any
Weights = dict[str, Array]

#: The operations that are activation functions, and the largest slope of each.
LARGEST_SLOPE = {
    "relu": 1.0,
    "sigmoid": 0.25,
    "softplus": 1.0,
    "softplus_literal": 1.0,
    "tanh": 1.0,
}


@dataclass(frozen=True)
class Activation:
    """``function`` of ``before`` is ``after``, of ``slope`` there; all (n, ..., units).

    The units are the channels, last; the slope is a share of the function's largest.
    """

    function: str
    before: Array
    after: Array
    slope: Array


def activations(problem: Problem, weights: Weights, x: Array) -> dict[str, Activation]:
    """{layer: its activation} on the batch ``x``, in the order in which they are computed.

    The layer is named by the last weight of two or more dimensions that entered before; a second
    activation of the same layer is named "layer.2", and so on.
    """
    tape = _ActivationTape()
    leaves = {name: tape.named(name, w) for name, w in beside(x, weights).items()}
    problem.net.forward(leaves, x, problem.norm)
    return tape.activations


class _ActivationTape(Tape):
    """Keeps activations, and nothing for derivatives."""

    unfused = True

    def __init__(self) -> None:
        super().__init__()
        self.activations: dict[str, Activation] = {}
        self._layers: dict[int, str] = {}
        self._layer = ""

    def named(self, name: str, weight: Array) -> Var:
        leaf = self.leaf(weight)
        if weight.ndim > 1:
            self._layers[leaf.index] = name
        return leaf

    def record(self, operation: Operation, args: Sequence[Any], value: Array, saved: Any) -> Var:
        entered = [arg.index for arg in args if isinstance(arg, Var)]
        self._layer = next((self._layers[i] for i in entered if i in self._layers), self._layer)
        if isinstance(operation, Pointwise) and operation.name in LARGEST_SLOPE:
            slope = saved.slope / LARGEST_SLOPE[operation.name]
            activation = Activation(operation.name, args[0].value, value, slope)
            self.activations[self._next_name()] = activation
        return super().record(operation, args, value, None)

    def _next_name(self) -> str:
        names = (f"{self._layer}.{i}" if i > 1 else self._layer for i in range(1, 1000))
        return next(name for name in names if name not in self.activations)
