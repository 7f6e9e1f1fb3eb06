"""A probe gives the outputs of a layer around its batch norm, and derivatives of the loss in them.

Zeros are added to the outputs before batch norm and to the outputs after it. Derivatives of the
loss in these zeros are derivatives in the outputs.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from deepnet import ops
from deepnet.backend import array_module, beside
from deepnet.nets.modes import Recording, Wrapper
from deepnet.problem import Problem
from deepnet.tape import Linearised, Var

Array = Any
Weights = dict[str, Array]


@dataclass(frozen=True)
class Probing(Wrapper):
    """The ``norm``, with zeros or other arrays added around it at one ``layer``.

    ``before`` is added to its inputs.
    ``after`` is added to its outputs.
    """

    layer: str
    before: Any
    after: Any

    def __call__(
        self, layer: str, x: Any, scale: Any = None, shift: Any = None, moments: Any = None
    ) -> Any:
        """See ``Norm``."""
        if layer != self.layer:
            return self.norm(layer, x, scale, shift, moments)
        return ops.add(self.norm(layer, ops.add(x, self.before), scale, shift), self.after)


@dataclass(frozen=True)
class Probe:
    """Outputs and derivatives of one layer with batch norm on one batch.

    y are the inputs of batch norm, and z its outputs after scale and shift. Arrays are (examples,
    units) unless said.

    ``y``: the inputs of batch norm.
    ``scale`` (units,): the learnt scale, or ones without one.
    ``slope_in``: the gradient of the mean loss in y.
    ``slope_out``: the gradient of the mean loss in z.
    ``linearised``: the loss as a function of the zeros that are added.
    """

    y: np.ndarray
    scale: np.ndarray
    slope_in: np.ndarray
    slope_out: np.ndarray
    linearised: Linearised

    def hvp_in(self, direction: np.ndarray) -> np.ndarray:
        """The Hessian in y times ``direction``."""
        return self._hvp("before", direction)

    def hvp_out(self, direction: np.ndarray) -> np.ndarray:
        """The Hessian in z times ``direction``."""
        return self._hvp("after", direction)

    def _hvp(self, side: str, direction: np.ndarray) -> np.ndarray:
        rest = {name: 0 * zeros for name, zeros in self.linearised.weights.items()}
        return self.linearised.hvp(rest | {side: direction})[side]


def probe(problem: Problem, weights: Weights, layer: str, x: Array, targets: Array) -> Probe:
    """The probe of a dense ``layer`` in the problem's own mode.

    Raises ValueError where the layer has no batch norm, or where its outputs are images.
    """
    weights = beside(x, weights)
    inputs: dict[str, Array] = {}

    def see(layer: str, before: Array, after: Array) -> None:
        inputs[layer] = before

    problem.with_norm(Recording(problem.norm, see)).outputs(weights, x)
    if layer not in problem.net.normed or inputs[layer].ndim != 2:
        raise ValueError(f"layer {layer!r} has no batch norm over examples alone")
    y = inputs[layer]

    def run(leaves: dict[str, Var]) -> tuple[Var, Var]:
        norm = Probing(problem.norm, layer, leaves["before"], leaves["after"])
        outputs = problem.net.forward(weights, x, norm)  # the weights are constants here
        return outputs, problem.loss(outputs, targets)

    linearised = Linearised(run, {"before": 0 * y, "after": 0 * y})
    slopes = linearised.grad()
    scale = weights.get(f"{layer}_scale", array_module(y).ones(y.shape[1]))
    return Probe(y, scale, slopes["before"], slopes["after"], linearised)
