"""Loss variation, gradient predictiveness and effective beta over stated steps (santurkar2018).

With g the gradient at w and a the step sizes, at the points w - a d (d = g, unless said):

    loss variation            max_a L(w - a d) - min_a L(w - a d), the start left out
    gradient predictiveness   |grad L(w - a d) - g|
    effective beta            max_a |grad L(w - a d) - g|/(a |d|)

Where the new gradient vanishes the ratio is |g|/(a |d|), 1/a along g, whatever the net: an
effective beta at this ceiling says how long the steps were, and is flagged ``saturated``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from deepnet.landscape.line import line
from deepnet.problem import Problem
from deepnet.vectors import from_vector

Array = Any
Weights = dict[str, Array]
#: Nearer to the ceiling than this share of it is saturated.
NEAR = 0.2


@dataclass(frozen=True)
class Smoothness:
    """The measures of the module, for the ``steps`` a in their order.

    ``loss`` and ``gradient_norm`` are those at the start. ``losses``, ``predictiveness``, the ratio
    ``beta`` and its ``ceiling`` are (steps,).
    """

    steps: np.ndarray
    loss: float
    gradient_norm: float
    losses: np.ndarray
    predictiveness: np.ndarray
    beta: np.ndarray
    ceiling: np.ndarray

    @property
    def variation(self) -> float:
        """Largest less smallest loss over the steps."""
        return float(self.losses.max() - self.losses.min())

    @property
    def effective_beta(self) -> float:
        """The largest ratio over the steps."""
        return float(self.beta.max())

    @property
    def saturated(self) -> bool:
        """Whether the largest ratio is at the smallest step, within 20 % of the ceiling there."""
        least = int(self.steps.argmin())
        at_least = int(self.beta.argmax()) == least
        return at_least and bool(abs(self.beta[least] / self.ceiling[least] - 1) <= NEAR)

    def among(self, steps: Sequence[float]) -> "Smoothness":
        """The measures over some of the ``steps``.

        A small step, added for the limit |Hg|/|g|, is for example no part of the band. Raises
        ValueError for a step that was not made.
        """
        index = [int(np.flatnonzero(self.steps == a)[0]) for a in steps if a in self.steps]
        if len(index) != len(steps) or not index:
            raise ValueError(f"steps {list(steps)} are not all among {self.steps.tolist()}")
        columns = (self.losses, self.predictiveness, self.beta, self.ceiling)
        chosen = (column[index] for column in columns)
        return Smoothness(self.steps[index], self.loss, self.gradient_norm, *chosen)


def smoothness(
    problem: Problem,
    weights: Weights,
    steps: Sequence[float],
    data: Sequence[tuple[Array, Array]],
    direction: Weights | None = None,
) -> Smoothness:
    """The three measures for the positive ``steps`` against ``direction`` (None: the gradient).

    One gradient for the start and one for each step. Raises ValueError where a step is not
    positive or the gradient or direction is zero.
    """
    if not len(steps) or min(steps) <= 0:
        raise ValueError(f"steps {list(steps)}: give positive ones")
    here = line(problem, weights, weights, [0.0], data)
    loss, gradient = float(here.loss[0]), here.gradient[0]
    along = from_vector(gradient, problem.net.shapes) if direction is None else direction
    size = float(sum(float((d.astype("float64") ** 2).sum()) for d in along.values()) ** 0.5)
    length = float(np.linalg.norm(gradient))
    if length == 0 or size == 0:
        raise ValueError("the gradient or the direction is zero: there is no line to follow")
    there = line(problem, weights, along, [-a for a in steps], data)
    change = np.linalg.norm(there.gradient - gradient, axis=1)
    distance = np.array(steps, float) * size
    return Smoothness(
        np.array(steps, float),
        loss,
        length,
        there.loss,
        change,
        change / distance,
        length / distance,
    )
