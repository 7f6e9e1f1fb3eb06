"""Batch norm's running statistics: exponential averages of the batches' own statistics.

``deepnet.training.averaging`` says how each batch enters.
"""

from deepnet.data.dataset import Dataset
from deepnet.nets.modes import recording
from deepnet.problem import Problem
from deepnet.training.averaging import averaged
from deepnet.training.epoch import Batching, epoch_batches
from deepnet.training.state import State, Statistics


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
        norm, seen = recording(problem.norm.at(step), batching.averaging.unbiased)
        problem.with_norm(norm).outputs(state.weights, x)
        running = averaged(running, seen, batching.averaging)
    return running
