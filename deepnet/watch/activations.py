"""The values before and after the activation functions of a net, layer by layer.

A forward pass is recorded by a tape that keeps what pointwise operations take and give. Every net
that is written in operations can be recorded as it is, with a norm or without. A wrapper of the
norm would miss layers without a norm and everything after the norm. The tape of a ``Linearised``
keeps no values by name.
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
    """One activation function at work on a batch of n examples.

        after = f(before),    slope = f'(before)/max f'

    ``activations`` returns one per layer. All arrays have the shape (n, ..., units). Units are
    channels.

    Attributes:
        function: The name of f, such as "relu".
        before: The inputs of f.
        after: The outputs of f.
        slope: The derivative of f at its inputs, as a share of the largest derivative of f.

    Example:
        >>> import numpy as np
        >>> before = np.array([[-1.0, 2.0]])
        >>> Activation("relu", before, np.maximum(before, 0), 1.0 * (before > 0)).slope.tolist()
        [[0.0, 1.0]]
    """

    function: str
    before: Array
    after: Array
    slope: Array


def activations(problem: Problem, weights: Weights, x: Array) -> dict[str, Activation]:
    """The activation functions of a net at work on one batch, exact to rounding.

        after = f(before),    slope = f'(before)/max f'        for each layer

    Args:
        problem: The net, its norm and its loss. The loss does not matter.
        weights: The weights, {name: array}.
        x: The inputs of the batch, (n, ...).

    Returns:
        {layer: its ``Activation``}, in the order of the computation. A layer has the name of the
        last weight of two or more dimensions that entered before the activation. A second
        activation of the layer "conv1" has the name "conv1.2", and so on.

    Reference:
        grosse2021, Preventing dead or saturated units

    Example:
        >>> import numpy as np
        >>> from deepnet import ops
        >>> from deepnet.curvature.least_squares import least_squares
        >>> from deepnet.nets.mlp import mlp
        >>> norm = least_squares(np.eye(2), np.ones(2)).problem.norm  # none
        >>> problem = Problem(mlp([2, 2, 1], ops.relu), norm)
        >>> weights = {"dense1": np.diag([1.0, -1.0]), "dense2": np.ones((1, 2))}
        >>> seen = activations(problem, weights, np.array([[2.0, 3.0]]))
        >>> list(seen), seen["dense1"].before.tolist(), seen["dense1"].after.tolist()
        (['dense1'], [[2.0, -3.0]], [[2.0, 0.0]])
    """
    tape = _ActivationTape()
    leaves = {name: tape.named(name, w) for name, w in beside(x, weights).items()}
    problem.net.forward(leaves, x, problem.norm)
    return tape.activations


class _ActivationTape(Tape):
    """A tape that keeps activations, and nothing for derivatives."""

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
