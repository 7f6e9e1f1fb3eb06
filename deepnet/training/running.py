"""Batch norm's running statistics: exponential averages of the batches' own.

Mean and biased variance of each batch, as batch norm itself uses them, enter with weight 0.1. The
average starts at the first batch seen.
"""

from dataclasses import replace
from typing import Any

from deepnet.data.dataset import Dataset
from deepnet.nets.norm_mode import PARTS, Norm
from deepnet.problem import Problem
from deepnet.training.epoch import Batching, epoch_batches
from deepnet.training.state import State, Statistics

MOMENTUM = 0.1
#: The modes in which a batch's own statistics are used.
WATCHED = ("active", "detached", "ghost", *PARTS)


def watched(norm: Norm) -> tuple[Norm, dict[str, Any]]:
    """``norm`` entering its batch statistics in the second value, where it uses them."""
    seen: dict[str, Any] = {}
    if norm.mode in WATCHED:
        norm = replace(norm, seen=seen)
    return norm, seen


def averaged(running: Statistics, seen: Statistics) -> Statistics:
    """The running statistics after one more batch."""
    result = dict(running)
    for layer, batch in seen.items():
        old = running.get(layer, batch)
        mean, var = ((1 - MOMENTUM) * a + MOMENTUM * b for a, b in zip(old, batch, strict=True))
        result[layer] = (mean, var)
    return result


def settle(problem: Problem, data: Dataset, how: Batching, state: State) -> Statistics:
    """The running statistics after one more pass in training mode, the weights at rest.

    The pass goes over the batches of the epoch that would follow (page2019).
    """
    running = state.statistics
    if problem.norm.mode not in WATCHED:
        return running
    first = state.epoch * (len(data.x_train) // how.batch)
    batches = epoch_batches(data, how, state.epoch, state.weights, "settling statistics")
    for step, (x, _) in enumerate(batches, first):
        norm, seen = watched(problem.norm.at(step))
        problem.with_norm(norm).outputs(state.weights, x)
        running = averaged(running, seen)
    return running
