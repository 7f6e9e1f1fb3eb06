"""The loss as a function of the weights, its batch statistics of a stated kind.

running        constants: the running statistics of a checkpoint (or any that are given)
frozen         constants: each batch's own, as they are at the centre
batch          each batch's own at every point: the loss that is trained
reestimated    at every point those of other images, then constants

Constants make a function without a batch, in which the length of the weights counts again; the
batch's own do not see it. A net without batch norm has the same loss in all four.
"""

from collections.abc import Callable, Sequence
from typing import Any

from deepnet.nets.modes import recording
from deepnet.problem import Problem
from deepnet.training.evaluate import in_eval
from deepnet.training.state import Statistics

Array = Any
Weights = dict[str, Array]
Data = Sequence[tuple[Array, Array]]
#: The mean loss over some data at given weights.
Loss = Callable[[Weights], float]


def with_running(problem: Problem, data: Data, statistics: Statistics) -> Loss:
    """The mean loss over ``data``, batch norm frozen at the ``statistics``."""
    fixed = in_eval(problem, statistics)
    return lambda weights: _mean_loss([fixed] * len(data), weights, data)


def with_frozen(problem: Problem, data: Data, centre: Weights) -> Loss:
    """The mean loss over ``data``, each batch's statistics frozen at those of ``centre``."""
    fixed = [in_eval(problem, estimated(problem, centre, [batch])) for batch in data]
    return lambda weights: _mean_loss(fixed, weights, data)


def with_batch(problem: Problem, data: Data) -> Loss:
    """The mean loss over ``data`` in the problem's own mode: with active norm the batches' own."""
    return lambda weights: _mean_loss([problem] * len(data), weights, data)


def with_reestimated(problem: Problem, data: Data, others: Data) -> Loss:
    """The mean loss over ``data``, statistics ``estimated`` on ``others`` at the same weights."""

    def loss(weights: Weights) -> float:
        fixed = in_eval(problem, estimated(problem, weights, others))
        return _mean_loss([fixed] * len(data), weights, data)

    return loss


def estimated(problem: Problem, weights: Weights, data: Data) -> Statistics:
    """{layer: (mean, variance)}: the means of the batches' own, by their numbers of examples.

    Where the problem uses no batch statistics, those that it has.
    """
    if not problem.norm.uses_batch:
        return dict(problem.norm.constants())
    averages: Statistics = {}
    examples = sum(len(x) for x, _ in data)
    for x, _ in data:
        norm, seen = recording(problem.norm)
        problem.with_norm(norm).outputs(weights, x)
        for layer, batch in seen.items():
            mean, variance = (len(x) / examples * part for part in batch)
            before = averages.get(layer, (0, 0))
            averages[layer] = (before[0] + mean, before[1] + variance)
    return averages


def _mean_loss(problems: Sequence[Problem], weights: Weights, data: Data) -> float:
    """Forward passes alone."""
    examples = sum(len(x) for x, _ in data)
    total = 0.0
    for problem, (x, targets) in zip(problems, data, strict=True):
        total += len(x) / examples * float(problem.loss(problem.outputs(weights, x), targets))
    return total
