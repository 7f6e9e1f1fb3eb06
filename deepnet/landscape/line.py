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
    """The loss L and its gradient at points w + a d of a line through the weights w.

    ``line`` returns it.

    Attributes:
        steps: The numbers a, (steps,), without unit.
        loss: L(w + a d), (steps,).
        gradient: dL/dw at w + a d, (steps, n), float64. The n weights are in flat order.

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> d = {"dense1": np.array([[1.0, 0.0]])}
        >>> line(batches.problem, batches.weights, d, [0.0, 1.0], batches.data).gradient.tolist()
        [[0.5, 6.0], [1.0, 6.0]]
    """

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
    """The mean loss L and its gradient at points of a line through the weights w.

        L(w + a d),    dL/dw(w + a d)        for each step a

    Both are exact to rounding in the precision of the weights. L is the loss of ``Batches``. With
    batch norm in the mode active each batch has its own statistics at each point. A value beyond
    the range of numbers is inf or nan.

    Args:
        problem: The net, its norm and its loss.
        weights: The point w, {name: array}.
        direction: The direction d, {name: array}.
        steps: The numbers a, without unit. Each costs one gradient over the data.
        data: The batches, a sequence of pairs (x, targets).

    Returns:
        A ``Line``.

    Raises:
        ValueError: The direction does not have the names and shapes of the weights, or ``Batches``
            refuses the data.

    Reference:
        santurkar2018, figure 4

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> d = {"dense1": np.array([[1.0, 0.0]])}
        >>> line(batches.problem, batches.weights, d, [-1.0, 0.0, 1.0], batches.data).loss.tolist()
        [9.0, 9.25, 10.0]
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
