"""Internal covariate shift of every layer, as santurkar2018 defines it (definition 2.1).

G_i is the gradient of a batch's loss in the weights W_i of layer i, all layers as they are before a
step; G'_i is the same gradient, of the same batch and at the same W_i and later layers, once the
layers before i have made the step. The shift is |G'_i - G_i|: how far the update of the layers
below moves what layer i sees. Batch statistics are those of the mixed net.

A layer is a weight of two or more dimensions, in the net's order; the biases, scales and shifts
that follow it move with it, and are no part of W_i.
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
    """For the ``layers`` in order: |G' - G|, |G' - G|/|G| and cos(G, G'), each (layers,).

    The first layer's are exactly 0, 0 and 1. Ratios to a zero gradient are nan.
    """

    layers: tuple[str, ...]
    norm: np.ndarray
    relative: np.ndarray
    cosine: np.ndarray


def covariate_shift(
    problem: Problem, before: Weights, after: Weights, x: Array, targets: Array
) -> CovariateShift:
    """The shift of all layers by the step from ``before`` to ``after``, on one batch.

    The step is the optimiser's real one. Costs a forward pass and a part of a backward pass, down
    to the layer, for each layer but the first, and one gradient.
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
