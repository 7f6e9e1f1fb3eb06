"""Loss and accuracy on test images or on training images."""

from dataclasses import dataclass
from typing import Any, Literal

from deepnet import ops
from deepnet.backend import beside, numbers
from deepnet.data.dataset import Dataset
from deepnet.problem import Problem
from deepnet.training.state import State, Statistics

CHUNK = 250


@dataclass(frozen=True)
class Score:
    """The mean cross-entropy (without smoothing) and the share of correctly classified images."""

    loss: float
    accuracy: float


def in_eval(problem: Problem, statistics: Statistics) -> Problem:
    """The problem with batch norm, where it has one, frozen at the running statistics; no noise."""
    return problem.with_norm(problem.norm.frozen(statistics))


def evaluate(
    problem: Problem,
    state: State,
    data: Dataset,
    part: Literal["train", "test"] = "test",
) -> Score:
    """The score in eval mode on all images of ``part``, without cropping and flipping."""
    images, labels = getattr(data, f"x_{part}"), getattr(data, f"y_{part}")
    fixed = in_eval(problem, state.statistics)
    weights = beside(images, state.weights)
    dtype = next(iter(weights.values())).dtype
    losses, hits, sizes = [], [], []
    for start in range(0, len(images), CHUNK):
        rows = slice(start, start + CHUNK)
        x, y = data.normalised(images[rows], dtype), labels[rows]
        outputs: Any = fixed.outputs(weights, x)
        targets = ops.smoothed(y, data.classes, 0.0, dtype)
        losses.append(ops.softmax_cross_entropy(outputs, targets))
        hits.append((outputs.argmax(-1) == y).sum())
        sizes.append(len(y))
    loss = sum(mean * size for mean, size in zip(numbers(losses), sizes, strict=True))
    return Score(loss / len(images), sum(numbers(hits)) / len(images))
