"""Batch norm takes the statistics of a population of fixed images in place of the batch's.

The statistics are taken from all the images as one batch, and again after a number of steps.
Between these steps and in the gradient they are constants. The paper's own procedure is not known
here.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Self

from deepnet.nets.modes import Active, Frozen, recording
from deepnet.problem import Problem, Weights
from deepnet.tape import Linearised

Array = Any
Statistics = dict[str, tuple[Array, Array]]


def moments_over(problem: Problem, weights: Weights, images: Array) -> Statistics:
    """Mean and variance of each normed layer's input over the ``images``, taken as one batch."""
    norm, seen = recording(Active(problem.norm.eps))
    problem.with_norm(norm).outputs(weights, images)
    return seen


@dataclass(frozen=True, kw_only=True)
class Population(Problem):
    """A problem whose batch norm has the statistics of ``images``.

    ``every``: the number of steps after which the statistics are taken again.
    ``step``: the number of the present step.
    ``latest``: the latest statistics.

    A training that continues at a step that ``every`` does not divide takes the statistics there.
    """

    images: Array
    every: int
    step: int = 0
    latest: Statistics = field(default_factory=dict)

    def at(self, step: int) -> Self:
        """The problem of step number ``step``, with the latest statistics."""
        return replace(self, step=step)

    def linearise(self, weights: Weights, x: Array, targets: Array) -> Linearised:
        """The loss of the step, with the statistics in force, taken again where they are due."""
        if self.step % self.every == 0 or not self.latest:
            self.latest.update(moments_over(self, weights, self.images))
        return self._with(dict(self.latest)).linearise(weights, x, targets)

    def frozen_at(self, weights: Weights) -> Problem:
        """The problem with the statistics at these ``weights`` as constants."""
        return self._with(moments_over(self, weights, self.images))

    def _with(self, statistics: Statistics) -> Problem:
        return Problem(self.net, Frozen(statistics, self.norm.eps), self.loss)
