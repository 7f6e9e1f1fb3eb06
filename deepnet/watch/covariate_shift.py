"""Internal covariate shift of every layer, as santurkar2018 defines it (definition 2.1).

A layer is a weight of two or more dimensions, in the net's order. The biases, scales and shifts
that follow a layer's weight W_i move with it, and are no part of W_i.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from deepnet.backend import to_host
from deepnet.problem import Problem
from deepnet.tape import Linearised, Var

Array = Any
Weights = dict[str, Array]


@dataclass(frozen=True)
class CovariateShift:
    """The internal covariate shift of each layer of a net.

        shift_i = |G'_i - G_i|

    ``covariate_shift`` returns it and defines G and G'. The first layer has exactly 0, 0 and 1.

    Attributes:
        layers: The names of the layers' weights, in the net's order.
        norm: |G' - G|, (layers,), in the unit of the gradient.
        relative: |G' - G|/|G|, (layers,). It is nan where a gradient is zero.
        cosine: The cosine of the angle between G and G', (layers,). It is nan where a gradient is
            zero.

    Reference:
        santurkar2018, definition 2.1

    Example:
        >>> shift = CovariateShift(("dense1",), np.zeros(1), np.zeros(1), np.ones(1))
        >>> dict(zip(shift.layers, shift.norm.tolist()))
        {'dense1': 0.0}
    """

    layers: tuple[str, ...]
    norm: np.ndarray
    relative: np.ndarray
    cosine: np.ndarray


def covariate_shift(
    problem: Problem, before: Weights, after: Weights, x: Array, targets: Array
) -> CovariateShift:
    """The internal covariate shift of all layers by one step of training, on one batch.

        shift_i = |G'_i - G_i|
        G_i  = dL/dW_i at (W_1, ..., W_(i-1), W_i, ...)
        G'_i = dL/dW_i at (W'_1, ..., W'_(i-1), W_i, ...)

    L is the loss of the batch. W are the weights before the step, W' after it. The shift says how
    much the update of the earlier layers turns the gradient of layer i. Both gradients are exact to
    rounding in the weights' precision. Batch statistics are computed in the mixed net. The whole
    function costs one gradient, and one forward pass and a part of a backward pass per layer but
    the first.

    Args:
        problem: The net, its norm and its loss.
        before: The weights W before the step, {name: array}.
        after: The weights W' after the step of the optimiser, {name: array}.
        x: The inputs of the batch, (n, ...).
        targets: The targets of the batch.

    Returns:
        A ``CovariateShift``.

    Raises:
        ValueError: The weights, inputs or targets do not fit the net. See ``Problem``.

    Reference:
        santurkar2018, definition 2.1

    Example:
        >>> from deepnet import ops
        >>> from deepnet.curvature.least_squares import least_squares
        >>> from deepnet.nets.mlp import mlp
        >>> known = least_squares(np.eye(1), np.ones(1)).problem
        >>> problem = Problem(mlp([1, 1, 1]), known.norm, known.loss)  # L = (w1 w2 x)^2/2
        >>> w = {"dense1": np.array([[1.0]]), "dense2": np.array([[1.0]])}
        >>> x, y = np.array([[1.0]]), np.array([[0.0]])
        >>> shift = covariate_shift(problem, w, {name: 2 * each for name, each in w.items()}, x, y)
        >>> shift.norm.tolist(), shift.relative.tolist()  # dL/dw2 = w1^2 w2 goes from 1 to 4
        ([0.0, 3.0], [0.0, 3.0])
    """
    names = list(before)
    starts = [i for i, name in enumerate(names) if before[name].ndim > 1]
    gradient = problem.linearise(before, x, targets).grad()
    rows = []
    for i in starts:
        layer = names[i]
        old = new = to_host(gradient[layer]).astype(float)
        if i > starts[0]:
            moved = {name: after[name] for name in names[:i]}
            new = to_host(_gradient(problem, before | moved, layer, x, targets)).astype(float)
        rows.append(_compared(old, new))
    norm, relative, cosine = np.array(rows).reshape(-1, 3).T
    return CovariateShift(tuple(names[i] for i in starts), norm, relative, cosine)


def _gradient(problem: Problem, weights: Weights, layer: str, x: Array, targets: Array) -> Array:
    """The gradient in one layer's weights: the others are constants, so nothing below is kept."""

    def run(leaf: dict[str, Var]) -> tuple[Var, Var]:
        outputs = problem.net.forward(weights | leaf, x, problem.norm)
        return outputs, problem.loss(outputs, targets)

    return Linearised(run, {layer: weights[layer]}).grad()[layer]


def _compared(old: np.ndarray, new: np.ndarray) -> tuple[float, float, float]:
    shift, lengths = float(np.linalg.norm(new - old)), (np.linalg.norm(old), np.linalg.norm(new))
    if not all(lengths):
        return shift, float("nan"), float("nan")
    cosine = 1.0 if shift == 0 else float((old * new).sum() / (lengths[0] * lengths[1]))
    return shift, shift / float(lengths[0]), cosine
