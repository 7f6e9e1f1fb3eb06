"""Batch norm with the statistics of a population of fixed images in place of the batch's.

They are taken anew every so many steps, from all the images as one batch, and are constants in
between and in the gradient. How the paper does it is not known here.
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
    """A problem whose batch norm has the statistics of ``images``, taken every ``every`` steps.

    A training that goes on at a step that ``every`` does not divide takes them anew there.
    """

    images: Array
    every: int
    step: int = 0
    latest: Statistics = field(default_factory=dict)

    def at(self, step: int) -> Self:
        """The problem of step number ``step``, with the statistics that are now in force."""
        return replace(self, step=step)

    def linearise(self, weights: Weights, x: Array, targets: Array) -> Linearised:
        """The loss of step ``step``, with the statistics that are then in force."""
        if self.step % self.every == 0 or not self.latest:
            self.latest.update(moments_over(self, weights, self.images))
        return self._with(dict(self.latest)).linearise(weights, x, targets)

    def frozen_at(self, weights: Weights) -> Problem:
        """The problem with the statistics at these ``weights``, which stay."""
        return self._with(moments_over(self, weights, self.images))

    def _with(self, statistics: Statistics) -> Problem:
        return Problem(self.net, Frozen(statistics, self.norm.eps), self.loss)
