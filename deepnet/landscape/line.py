"""Loss and gradient at many points of a line through the weights, in one call."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from deepnet.backend import to_host
from deepnet.curvature import Batches
from deepnet.landscape.directions import moved
from deepnet.problem import Problem
from deepnet.vectors import to_vector

Array = Any
Weights = dict[str, Array]


@dataclass(frozen=True)
class Line:
    """At w + a d for the ``steps`` a: loss (steps,) and gradient (steps, n), flat, float64."""

    steps: np.ndarray
    loss: np.ndarray
    gradient: np.ndarray


def line(
    problem: Problem,
    weights: Weights,
    direction: Weights,
    steps: Sequence[float],
    data: Sequence[tuple[Array, Array]],
) -> Line:
    """The mean loss over the batches ``data`` and its gradient along ``direction``.

    Each step costs one gradient of the data. Beyond the range of numbers loss and gradient are inf
    or nan.
    """
    pairs = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for a in steps:
            there = moved(weights, (a, direction))
            pairs.append(_loss_and_gradient(Batches(problem, there, data, keep=0)))
    losses, gradients = zip(*pairs, strict=True)
    return Line(np.array(steps, float), np.array(losses), np.stack(gradients))


def _loss_and_gradient(batches: Batches) -> tuple[float, np.ndarray]:
    loss, gradient = 0.0, np.zeros(batches.parameters)
    for share, part in batches:
        loss += share * float(part.loss)
        gradient += share * to_host(to_vector(part.grad())).astype(float)
    return loss, gradient
