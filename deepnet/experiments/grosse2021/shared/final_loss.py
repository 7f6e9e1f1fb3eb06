"""The lecture's nets are compared by the final loss of their training."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

import numpy as np

from deepnet.data import Dataset
from deepnet.experiments import images
from deepnet.experiments.outcome import by_final_loss
from deepnet.experiments.trained import Trained
from deepnet.nets.modes import Active, Ghost, Norm, Wrapper
from deepnet.problem import Problem
from deepnet.training import State

Array = Any
#: A final loss is a mean over batches of at most this number of images. Each batch has its own
#: statistics.
WHOLE = 5000


def ended(problem: Problem, state: State, data: Dataset) -> Trained:
    """The net of a training that ended in ``state``, with its final loss."""
    loss = np.nan if state.diverged else final_loss(problem, state.weights, data)
    return judged(problem, state, loss, data.classes)


def judged(problem: Problem, state: State, loss: float, classes: int) -> Trained:
    """The net of a training that ended in ``state`` with the final ``loss``, and its outcome."""
    return Trained(problem, state, by_final_loss(loss, classes), loss if isfinite(loss) else np.nan)


def final_loss(problem: Problem, weights: dict[str, Array], data: Dataset) -> float:
    """The mean loss over all training images. Batch norm has the statistics of all of them.

    The images are taken in as few batches as ``WHOLE`` allows. Noise is the noise of the problem's
    own step. The loss is inf or nan where the net's outputs are.
    """
    x, targets = images.whole(data, dtype=next(iter(weights.values())).dtype)
    parts = np.array_split(np.arange(len(x)), -(-len(x) // WHOLE))
    problem = problem.with_norm(_ungrouped(problem.norm))
    with np.errstate(all="ignore"):
        losses = [
            float(problem.loss(problem.outputs(weights, x[rows]), targets[rows])) for rows in parts
        ]
    return float(np.average(losses, weights=[len(rows) for rows in parts]))


def _ungrouped(norm: Norm) -> Norm:
    """``norm`` with active batch norm in place of ghost batches."""
    if isinstance(norm, Wrapper):
        return replace(norm, norm=_ungrouped(norm.norm))
    return Active(norm.eps) if isinstance(norm, Ghost) else norm


def results(nets: Sequence[Trained]) -> dict[str, np.ndarray]:
    """{loss, mark: (nets,)}. A mark is the number of an ``Outcome``, 0 where the net trained."""
    return {
        "loss": np.array([net.loss for net in nets]),
        "mark": np.array([net.outcome for net in nets]),
    }


def best(losses: Sequence[float], marks: Sequence[int]) -> float:
    """The lowest of the losses of nets that trained, nan where none did."""
    trained_losses = [loss for loss, mark in zip(losses, marks, strict=True) if not mark]
    return min(trained_losses, default=np.nan)


def largest(rates: Sequence[float], marks: Sequence[int]) -> float:
    """The largest rate that trains, nan where none does."""
    trained_rates = [rate for rate, mark in zip(rates, marks, strict=True) if not mark]
    return max(trained_rates, default=np.nan)
