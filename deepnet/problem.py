"""A net, its norm and its loss. A problem can be trained and has a Hessian."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

from deepnet import ops
from deepnet.backend import beside
from deepnet.fit import require_real
from deepnet.nets.modes import Norm
from deepnet.nets.net import Net
from deepnet.tape import Linearised, Var

Array = Any
Weights = dict[str, Array]


@dataclass(frozen=True)
class Problem:
    """The mean loss of ``net`` over a batch, with batch norm computed as ``norm`` says.

    ``loss(outputs, targets)`` is an operation of ``deepnet.ops``. Its targets are numbers of the
    outputs' shape. ``softmax_cross_entropy`` also takes the labels (n,). ``ops.smoothed`` makes
    targets of smoothed labels. The loss is computed on the device of the inputs. Weights and
    targets are brought there.

    Raises ValueError for weights that are not the net's (``Net.own``), for inputs that are no
    floating-point numbers or have a shape that the net does not take, and for targets that do not
    fit.
    """

    net: Net
    norm: Norm
    loss: Callable[[Any, Array], Any] = ops.softmax_cross_entropy

    def outputs(self, weights: Weights, x: Array) -> Array:
        """The net's outputs. Nothing is kept for derivatives."""
        return self.net.forward(self._weights(x, weights), x, self.norm)

    def linearise(self, weights: Weights, x: Array, targets: Array) -> Linearised:
        """The loss at ``weights`` on one batch, with its primal pass kept."""
        targets = beside(x, targets)

        def run(leaves: dict[str, Var]) -> tuple[Var, Var]:
            outputs = self.net.forward(leaves, x, self.norm)
            return outputs, self.loss(outputs, targets)

        return Linearised(run, self._weights(x, weights))

    def _weights(self, x: Array, weights: Weights) -> Weights:
        """The net's own weights, on the device of the inputs ``x``."""
        require_real("x", x)
        return beside(x, self.net.own(weights))

    def with_norm(self, norm: Norm) -> Self:
        """This net and loss under another norm."""
        return replace(self, norm=norm)

    def at(self, step: int) -> Self:
        """The problem of step number ``step`` of a training."""
        return self.with_norm(self.norm.at(step))
