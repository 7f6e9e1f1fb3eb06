"""Smoothness of two trainings is compared by a summary over the compared steps of each."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deepnet.experiments.santurkar2018.shared.shifts_and_slopes import (
    BAND,
    MULTIPLES,
    at_equal_loss,
    compared,
    largest,
    median,
)
from deepnet.experiments.store import Arrays

OVER_BAND = slice(MULTIPLES.index(BAND[0]), None)


def variation(arrays: Arrays, label: str) -> np.ndarray:
    """The range of the losses over the steps of the band, (recorded steps,)."""
    return arrays[f"{label}:variation"]


def predictiveness(arrays: Arrays, label: str) -> np.ndarray:
    """The largest change of the gradient over the steps of the band, (recorded steps,)."""
    return arrays[f"{label}:predictiveness"][:, OVER_BAND].max(1)


def effective_beta(arrays: Arrays, label: str) -> np.ndarray:
    """The largest effective beta over the steps of the band, (recorded steps,)."""
    return arrays[f"{label}:largest_beta"]


def beta_at(index: int) -> Callable[[Arrays, str], np.ndarray]:
    """The change of the gradient over the step MULTIPLES[``index``], divided by the step."""

    def beta(arrays: Arrays, label: str) -> np.ndarray:
        return arrays[f"{label}:beta"][:, index]

    return beta


Values = Callable[[Arrays, str], np.ndarray]
Summary = Callable[[np.ndarray], float]


@dataclass(frozen=True)
class Reading:
    """``summary`` of ``values`` for ``above`` divided by ``summary`` of ``values`` for ``below``.

    - ``above`` and ``below`` are "<net>:<name of the rate>". The values are taken at the compared
      steps.
    - ``equal_loss`` takes the steps of ``below`` with the training losses of ``above`` instead.
    - ``along`` is "random<i>" for a random direction, "" for the gradient.
    """

    summary: Summary
    values: Values
    above: str = "none:rate"
    below: str = "active:rate"
    equal_loss: bool = False
    along: str = ""

    def __call__(self, arrays: Arrays) -> float:
        steps = compared(arrays, self.below)
        if self.equal_loss:
            steps = at_equal_loss(arrays, self.below, self.above)
        above = self._summary(arrays, self.above, compared(arrays, self.above))
        return above / self._summary(arrays, self.below, steps)

    def _summary(self, arrays: Arrays, label: str, steps: np.ndarray) -> float:
        name = f"{label}:{self.along}" if self.along else label
        return self.summary(self.values(arrays, name)[steps])


def spikes(values: np.ndarray) -> float:
    """The maximum divided by the median."""
    return largest(values) / median(values)
