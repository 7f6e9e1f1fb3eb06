"""Gradient descent on the quadratic loss of given data is predicted by the spectrum, and run.

E(W) = (W'RW - 2Q'W + c)/2 with R = XX'/p, Q = XY/p, c = |Y|^2/p. Descent does not notice a rotation
of W. It is run in coordinates in which R is tridiagonal and Q lies on the first axis. Its steps and
losses are the steps and losses on W, at O(N) operations per step in place of O(N^2).

With fewer examples than inputs W stays in the span of the examples, W = X a. Descent on W moves a
as a -= eta (K a - Y/p) with K = X'X/p, p x p. The algebra is that of W with K for R and Y/p for Q.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.linalg.lapack import dsytrd, dsytrd_lwork

from theory import quadratic

#: The share of the excess loss E(0) - E(W*) that is left when descent has arrived.
LEFT = 1e-6
#: The largest number of steps that are run.
LIMIT = 10_000
#: The distance of a mode's factor |1 - eta lam| from 1 within which the mode does not decay.
STUCK = 8 * np.finfo(float).eps


@dataclass(frozen=True)
class Descent:
    """The quadratic loss of data, in the coordinates that descent from W = 0 needs.

    ``diagonal`` and ``off_diagonal`` are R made tridiagonal. They are K if ``by_example``.
    ``start`` is the length of Q (or of Y/p), which lies along the first axis.
    ``square`` is c = |Y|^2/p.
    ``floor``: eigenvalues up to ``floor`` times the largest count as zero. A minimum up to
        ``floor`` times E(0) counts as zero too.
    """

    diagonal: np.ndarray
    off_diagonal: np.ndarray
    start: float
    square: float
    examples: int
    by_example: bool
    floor: float

    @cached_property
    def _modes(self) -> tuple[np.ndarray, np.ndarray]:
        """Eigenvalues in ascending order, and Q's components along their eigenvectors."""
        values, vectors = eigh_tridiagonal(self.diagonal, self.off_diagonal)
        return np.maximum(values, 0.0), self.start * vectors[0]

    @property
    def eigenvalues(self) -> np.ndarray:
        """The eigenvalues of R that are not zero, ascending."""
        values, _ = self._modes
        return values[values > self.floor * values[-1]]

    @cached_property
    def energies(self) -> np.ndarray:
        """The excess loss at W = 0 that each eigenvector of ``eigenvalues`` holds.

        Q_j is along the eigenvector. The displacement is then Q_j/lam_j, and its loss Q_j^2/(2
        lam_j).
        """
        values, components = self._modes
        kept = values > self.floor * values[-1]
        weight = self.examples if self.by_example else 1 / values[kept]
        return components[kept] ** 2 * weight / 2

    @property
    def at_start(self) -> float:
        """E(0) = c/2."""
        return self.square / 2

    @property
    def minimum(self) -> float:
        """E(W*), the loss that no weights can remove. It is 0 if it is rounding."""
        rest = self.at_start - float(self.energies.sum())
        return rest if rest > self.floor * self.at_start else 0.0

    @property
    def largest_rate(self) -> float:
        """The limit of stability. ``quadratic.max_rate`` sees only the extreme eigenvalues."""
        return float(quadratic.max_rate(R=_extremes(self.eigenvalues)))

    @property
    def best_rate(self) -> float:
        """The rate at which the slowest direction is fastest."""
        return float(quadratic.optimal_rate(R=_extremes(self.eigenvalues))["rate"])

    def predicted_loss(self, rate: float, steps: float) -> float:
        """E after ``steps``: E(0) - sum_j energy_j (1 - (1 - rate lam_j)^(2 steps)).

        The sum goes down from E(0), not up from the minimum. The energies of small eigenvalues, of
        which rounding leaves few digits, thus count only as far as they have decayed.
        """
        gone = 1 - np.abs(1 - rate * self.eigenvalues) ** (2.0 * steps)
        return max(self.at_start - float(self.energies @ gone), 0.0)

    def predicted_steps(self, rate: float) -> float:
        """The first step at which at most the share ``LEFT`` of the excess loss is left, or inf."""
        target = LEFT * float(self.energies.sum())
        stuck = np.abs(1 - rate * self.eigenvalues) >= 1 - STUCK
        if self.energies[stuck].sum() > target:
            return float("inf")
        low, high = -1, 0  # the target is missed at low and met at high
        while self._excess(rate, high) > target:
            low, high = high, max(1, 2 * high)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._excess(rate, middle) <= target else (middle, high)
        return high

    def _excess(self, rate: float, steps: float) -> float:
        return float(self.energies @ np.abs(1 - rate * self.eigenvalues) ** (2.0 * steps))

    def run(self, rate: float, limit: int = LIMIT) -> tuple[int, float]:
        """Descend from W = 0 until ``LEFT`` of the excess loss is left, ``limit`` steps at most.

        Returns the number of steps and the loss at the end.
        """
        weights = np.zeros_like(self.diagonal)
        target = self.minimum + LEFT * (self.at_start - self.minimum)
        for step in range(limit):
            gradient = self._gradient(weights)
            loss = self._loss(weights, gradient)
            if loss <= target:
                return step, loss
            weights -= rate * gradient
        return limit, self._loss(weights, self._gradient(weights))

    def _gradient(self, weights: np.ndarray) -> np.ndarray:
        gradient = self.diagonal * weights
        gradient[:-1] += self.off_diagonal * weights[1:]
        gradient[1:] += self.off_diagonal * weights[:-1]
        gradient[0] -= self.start
        return gradient

    def _loss(self, weights: np.ndarray, gradient: np.ndarray) -> float:
        if self.by_example:  # the residuals are -p times this gradient
            return float(self.examples * (gradient @ gradient) / 2)
        return float((weights @ gradient - self.start * weights[0] + self.square) / 2)


def most_steps(eigenvalues: np.ndarray) -> int:
    """The number of steps at the best rate after which at most ``LEFT`` of each mode's loss is
    left.

    The loss is the distance squared.
    """
    bound = quadratic.iterations(R=_extremes(eigenvalues), left=np.sqrt(LEFT))
    return int(bound["upper"])


def _extremes(eigenvalues: np.ndarray) -> np.ndarray:
    """A matrix with the smallest and largest of ``eigenvalues``.

    Rates depend on no other eigenvalue.
    """
    return np.diag(eigenvalues[[0, -1]])


def reduce(
    matrix: np.ndarray,
    start: np.ndarray,
    square: float,
    examples: int,
    by_example: bool,
    floor: float,
) -> Descent:
    """The ``Descent`` of R and Q, or of K and Y/p. The array ``matrix`` is overwritten.

    One reflection turns ``start`` to the first axis. LAPACK's reduction to tridiagonal form works
    on the lower triangle. In this form it does not change the first axis.
    """
    length = _reflect(matrix, start)
    work, _ = dsytrd_lwork(len(matrix), lower=1)
    _, diagonal, off_diagonal, _, _ = dsytrd(matrix.T, lower=1, lwork=int(work), overwrite_a=1)
    return Descent(diagonal, off_diagonal, length, square, examples, by_example, floor)


def _reflect(matrix: np.ndarray, start: np.ndarray) -> float:
    """Replace A by HAH, and return the length of ``start``.

    H is the reflection that maps ``start`` to the first axis. The end of the axis does not matter:
    -Q leads to -W and to equal losses.
    """
    length = float(np.linalg.norm(start))
    if length == 0:
        return 0.0
    normal = start / length
    normal[0] += 1.0 if normal[0] >= 0 else -1.0  # away from cancellation
    normal /= np.linalg.norm(normal)
    image = matrix @ normal
    image -= (normal @ image) * normal
    matrix -= 2 * np.outer(normal, image)
    matrix -= 2 * np.outer(image, normal)
    return length
