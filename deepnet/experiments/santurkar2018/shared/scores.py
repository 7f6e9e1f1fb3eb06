"""The accuracy of a net in training mode, and in the mode in which it would be used.

Training images are classified in batches, each with its own statistics, as in training. For test
images, batch norm is frozen at the means of the batches' statistics over all training batches.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from deepnet.data.dataset import Dataset
from deepnet.nets.modes import Noisy, Norm, recording
from deepnet.problem import Problem
from deepnet.training.train import Hook, TrainingStep

Array = Any
Weights = Mapping[str, Array]
#: The noise of a score is drawn for step numbers that no training reaches.
BEYOND = 2**40


@dataclass(frozen=True)
class Scores:
    """The shares of the images of each part that are classified rightly."""

    train: float
    test: float


def scores(
    problem: Problem, weights: Weights, data: Dataset, batch: int, noisy: bool = False
) -> Scores:
    """The scores of the net at ``weights``. Noise is applied only if ``noisy``.

    Batches are drawn once for all scores. The last short batch is dropped.
    """
    norm = problem.norm
    if isinstance(norm, Noisy) and not noisy:
        norm = norm.norm
    order = np.random.default_rng(0).permutation(len(data.x_train))
    order = order[: len(order) // batch * batch].reshape(-1, batch)
    statistics: list[dict[str, tuple[Array, Array]]] = []
    hits = 0
    for step, rows in enumerate(order, BEYOND):
        recorded, seen = recording(norm.at(step))
        hits += _hits(problem.with_norm(recorded), weights, data, "train", rows)
        statistics.append(seen)
    fixed = _frozen(norm, statistics)
    tested = np.arange(len(data.x_test))
    chunks = np.split(tested, np.arange(batch, len(tested), batch))
    right = sum(
        _hits(problem.with_norm(fixed.at(step)), weights, data, "test", rows)
        for step, rows in enumerate(chunks, BEYOND + len(order))
    )
    return Scores(hits / order.size, right / len(tested))


def of_scores(problem: Problem, data: Dataset, batch: int) -> Hook:
    """A hook that records the scores without noise before the step: "score:train", "score:test"."""

    def score(step: TrainingStep) -> dict[str, float]:
        shares = scores(problem, step.before, data, batch)
        return {"score:train": shares.train, "score:test": shares.test}

    return score


def _frozen(norm: Norm, seen: list[dict[str, tuple[Array, Array]]]) -> Norm:
    """The norm frozen at the means of the statistics ``seen``. It keeps its noise."""
    statistics = {
        layer: tuple(sum(of_batch[layer][i] for of_batch in seen) / len(seen) for i in (0, 1))
        for layer in seen[0]
    }
    fixed = norm.frozen(statistics)
    return replace(norm, norm=fixed) if isinstance(norm, Noisy) else fixed


def _hits(problem: Problem, weights: Weights, data: Dataset, part: str, rows: np.ndarray) -> int:
    """The number of the images ``rows`` of ``part`` that are classified rightly."""
    like = next(iter(weights.values()))
    images, labels = getattr(data, f"x_{part}")[rows], getattr(data, f"y_{part}")[rows]
    outputs = problem.outputs(dict(weights), data.normalised(images, like.dtype))
    return int((outputs.argmax(-1) == labels).sum())
