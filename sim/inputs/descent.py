"""Gradient descent on the quadratic loss of given data is predicted by the spectrum, and run.

E(W) = |r|^2/(2p) with the residuals r = y - X'W, one per example. Descent on W moves them by

    r -= eta/p X'X r,

from r = y at W = 0. A rotation X' = QT of the examples (``sim.inputs.reduced``) makes them min(N,
p) numbers that move, and the constant ``rest``. Every loss is a sum of squares: none is negative,
and none is a difference of large numbers.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.inputs.modes import modes
from sim.inputs.reduced import Reduced
from sim.inputs.tridiagonal import tridiagonal

#: The share of the excess loss E(0) - E(W*) that is left when descent has arrived.
LEFT = 1e-6
#: The largest number of steps that are run.
LIMIT = 10_000
#: The share of the largest eigenvalue within which another one is equal to it, for rounding.
EQUAL = 8 * np.finfo(float).eps
#: A loss counts as zero where its residuals are this many floors of those at W = 0, at most.
ROUNDINGS = 16


@dataclass(frozen=True)
class Rate:
    """The rate 2/(``high`` + ``low``), for eigenvalues up to ``high``.

    The sum is not rounded: ``low`` may be below the last digit of ``high``.
    """

    high: float
    low: float = 0.0

    @property
    def value(self) -> float:
        """The rate."""
        return 2 / (self.high + self.low)

    def shrinking(self, eigenvalues: np.ndarray) -> np.ndarray:
        """The share 1 - |1 - rate lam| by which a step shrinks each mode. No digit is cancelled."""
        below = self.high - eigenvalues
        below[below <= EQUAL * self.high] = 0.0
        return self.value * np.minimum(eigenvalues, below + self.low)


class Descent:
    """The quadratic loss of ``reduced`` data, under gradient descent from W = 0."""

    def __init__(self, reduced: Reduced) -> None:
        self._floor, self._rest, self._count = reduced.floor, reduced.rest, reduced.count
        self._form = tridiagonal(reduced.inputs, reduced.target)
        self._modes = modes(reduced, self._form)
        #: R's eigenvalue per unit of TT'.
        self._curvature = reduced.unit**2 / reduced.count

    @cached_property
    def eigenvalues(self) -> np.ndarray:
        """The eigenvalues of R that are not zero, ascending."""
        return self._curvature * self._modes.squares

    @property
    def lost(self) -> int:
        """The number of directions in which the inputs cannot be told from zero, for rounding."""
        return self._modes.lost

    @property
    def digits(self) -> int:
        """The number of digits that rounding leaves of the smallest eigenvalue, about."""
        return self._modes.digits

    @cached_property
    def energies(self) -> np.ndarray:
        """The excess loss at W = 0 that each eigenvector of ``eigenvalues`` holds."""
        return self._modes.components**2 / (2 * self._count)

    @property
    def at_start(self) -> float:
        """E(0) = |y|^2/(2p)."""
        return self._loss(self._form.start**2)

    @property
    def minimum(self) -> float:
        """E(W*), the loss that no weights can remove. It is 0 if it is rounding."""
        loss = self._loss(self._modes.outside)
        return loss if loss > (ROUNDINGS * self._floor) ** 2 * self.at_start else 0.0

    @property
    def largest_rate(self) -> Rate:
        """The limit of stability, 2/lambda_max (``theory.quadratic.max_rate``)."""
        return Rate(float(self.eigenvalues[-1]))

    @property
    def best_rate(self) -> Rate:
        """The rate at which the slowest direction is fastest, 2/(lambda_max + lambda_min).

        It is the rate of ``theory.quadratic.optimal_rate``.
        """
        return Rate(float(self.eigenvalues[-1]), float(self.eigenvalues[0]))

    def predicted_loss(self, rate: Rate, steps: int) -> float:
        """E after ``steps``: E(W*) + sum_j energy_j (1 - rate lam_j)^(2 steps)."""
        return self.minimum + self._excess(rate, steps)

    def predicted_steps(self, rate: Rate) -> float:
        """The first step at which at most the share ``LEFT`` of the excess loss is left, or inf."""
        target = LEFT * float(self.energies.sum())
        stuck = rate.shrinking(self.eigenvalues) == 0
        if self.energies[stuck].sum() > target:
            return float("inf")
        low, high = -1, 0  # the target is missed at low and met at high
        while self._excess(rate, high) > target:
            low, high = high, max(1, 2 * high)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._excess(rate, middle) <= target else (middle, high)
        return high

    def _excess(self, rate: Rate, steps: int) -> float:
        if steps == 0:
            return float(self.energies.sum())
        with np.errstate(divide="ignore"):  # a mode may be gone after one step
            left = np.exp(2.0 * steps * np.log1p(-rate.shrinking(self.eigenvalues)))
        return float(self.energies @ left)

    def run(self, rate: float, limit: int = LIMIT) -> tuple[int, float]:
        """Descend from W = 0 until ``LEFT`` of the excess loss is left, ``limit`` steps at most.

        Returns the number of steps and the loss at the end.
        """
        residuals = np.zeros_like(self._form.diagonal)
        residuals[:1] = self._form.start
        target = self.minimum + LEFT * (self.at_start - self.minimum)
        for step in range(limit):
            loss = self._loss(float(residuals @ residuals))
            if loss <= target:
                return step, loss
            residuals -= rate * self._curvature * self._form.times(residuals)
        return limit, self._loss(float(residuals @ residuals))

    def _loss(self, square: float) -> float:
        """The loss where the residuals that move have this squared length."""
        return (square + self._rest) / (2 * self._count)


def most_steps(eigenvalues: np.ndarray) -> int:
    """The number of steps at the best rate after which at most ``LEFT`` of each mode's loss is
    left.

    The loss is the distance squared. ``theory.quadratic.iterations`` has the formula. Here
    ln((kappa + 1)/(kappa - 1)) is 2 artanh(1/kappa), which is not zero for kappa above 1/eps.
    """
    inverse = eigenvalues[0] / eigenvalues[-1]
    if inverse == 1:
        return 1
    return int(-np.log(LEFT) / 2 / (2 * np.arctanh(inverse))) + 1
