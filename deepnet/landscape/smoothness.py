"""Loss variation, gradient predictiveness and effective beta over stated steps (santurkar2018).

g is the gradient at w, and d is the direction, by default g. The numbers a > 0 are the step sizes.
The measures are taken at the points w - a d, and not at w:

    loss variation            max_a L(w - a d) - min_a L(w - a d)
    gradient predictiveness   |grad L(w - a d) - g|
    effective beta            max_a |grad L(w - a d) - g|/(a |d|)

Where the new gradient vanishes the ratio is |g|/(a |d|), which is 1/a along g, whatever the net. An
effective beta at this ceiling says how long the steps were. It is flagged ``saturated``.
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
    """How the loss L and its gradient g change along steps w - a d from the weights w.

        variation = max_a L(w - a d) - min_a L(w - a d)
        predictiveness(a) = |grad L(w - a d) - g|
        beta(a) = |grad L(w - a d) - g|/(a |d|),    effective_beta = max_a beta(a)

    ``smoothness`` returns it. ``effective_beta`` is a lower bound of the Lipschitz constant of the
    gradient on the line. beta(a) goes to |H d|/|d| as a goes to 0, where H is the Hessian at w.

    Attributes:
        steps: The numbers a, (steps,).
        loss: L(w).
        gradient_norm: |g|.
        losses: L(w - a d), (steps,).
        predictiveness: The change of the gradient, (steps,), in the unit of the gradient.
        beta: The change of the gradient per length of the step, (steps,), in the unit of the
            Hessian.
        ceiling: |g|/(a |d|), (steps,). It is the value of beta where the new gradient is 0,
            whatever the net.

    Reference:
        santurkar2018, figure 4
        oxford2021, section 2.2, effective beta-smoothness

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([2.0, 2.0]), np.array([1.0, 3.0]))
        >>> rates = [0.1, 0.2, 0.4]
        >>> measured = smoothness(batches.problem, batches.weights, rates, batches.data)
        >>> round(measured.effective_beta, 9), measured.among([0.1, 0.2]).steps.tolist()
        (2.0, [0.1, 0.2])
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
        """The largest loss minus the smallest loss over the steps."""
        return float(self.losses.max() - self.losses.min())

    @property
    def effective_beta(self) -> float:
        """The largest ratio beta over the steps."""
        return float(self.beta.max())

    @property
    def saturated(self) -> bool:
        """Whether the largest beta is at the smallest step and within 20 % of the ceiling there.

        The beta then says how long the steps were, and nothing of the net.
        """
        least = int(self.steps.argmin())
        at_least = int(self.beta.argmax()) == least
        return at_least and bool(abs(self.beta[least] / self.ceiling[least] - 1) <= NEAR)

    def among(self, steps: Sequence[float]) -> "Smoothness":
        """The measures over some of the steps.

        For example a small step that was added for the limit |Hd|/|d| is no part of the band.

        Args:
            steps: Some of the numbers a that were measured.

        Returns:
            A ``Smoothness`` over these steps, in their order.

        Raises:
            ValueError: A step was not measured, or there is none.
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
    """Loss variation, gradient predictiveness and effective beta along steps from the weights w.

        at w - a d for each step a; see ``Smoothness`` for the three measures

    They are exact to rounding for these steps. The maximum over finitely many steps is a lower
    bound of the maximum over the whole line.

    Args:
        problem: The net, its norm and its loss.
        weights: The point w, {name: array}.
        steps: The positive numbers a. Along the gradient their unit is the unit of the learning
            rate. Each costs one gradient over the data.
        data: The batches, a sequence of pairs (x, targets).
        direction: The direction d, {name: array} (None: the gradient at w).

    Returns:
        A ``Smoothness``.

    Raises:
        ValueError: A step is not positive, there is no step, or the gradient or the direction is
            zero.

    Reference:
        santurkar2018, figure 4
        oxford2021, section 2.2, effective beta-smoothness

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([2.0, 2.0]), np.array([1.0, 3.0]))
        >>> measured = smoothness(batches.problem, batches.weights, [0.1, 0.4], batches.data)
        >>> round(measured.loss, 9), measured.losses.round(9).tolist(), measured.saturated
        (10.0, [6.4, 0.4], False)
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
