"""Batch norm's running statistics: exponential averages of the batches' own statistics.

Mean and biased variance of each batch, as batch norm itself uses them, enter with weight 0.1. The
average starts at the first batch.
"""

from deepnet.data.dataset import Dataset
from deepnet.nets.modes import recording
from deepnet.problem import Problem
from deepnet.training.epoch import Batching, epoch_batches
from deepnet.training.state import State, Statistics

MOMENTUM = 0.1


def averaged(running: Statistics, seen: Statistics) -> Statistics:
    """The running statistics after one more batch."""
    result = dict(running)
    for layer, batch in seen.items():
        old = running.get(layer, batch)
        mean, var = ((1 - MOMENTUM) * a + MOMENTUM * b for a, b in zip(old, batch, strict=True))
        result[layer] = (mean, var)
    return result


def settle(problem: Problem, data: Dataset, batching: Batching, state: State) -> Statistics:
    """The running statistics after one more pass in training mode, the weights at rest.

    The pass goes over the batches of the epoch that would follow (page2019).
    """
    running = state.statistics
    if not problem.norm.uses_batch:
        return running
    first = state.epoch * (len(data.x_train) // batching.batch)
    batches = epoch_batches(data, batching, state.epoch, state.weights, "settling statistics")
    for step, (x, _) in enumerate(batches, first):
        norm, seen = recording(problem.norm.at(step))
        problem.with_norm(norm).outputs(state.weights, x)
        running = averaged(running, seen)
    return running
