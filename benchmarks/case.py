"""A case is timed: a net in a mode of batch norm, at weights, on a batch.

Our engine computes it once and hands it to each engine.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from typing import Literal

import numpy as np

from companion.errors import UsageError
from deepnet import ops
from deepnet.data import Dataset, textures
from deepnet.nets.initialise import initialise
from deepnet.nets.lenet import lenet
from deepnet.nets.modes import Active, Mode, NoNorm, recording
from deepnet.nets.net import Net
from deepnet.nets.page import page
from deepnet.nets.vgg import vgg
from deepnet.problem import Problem
from deepnet.training import SGD, Training, beginning, train, triangle

Array = np.ndarray
Weights = dict[str, Array]
State = Literal["initial", "trained"]

NETS: dict[str, Callable[..., Net]] = {"page": page, "lenet": lenet, "vgg16": partial(vgg, "vgg16")}
SMOOTHING = 0.5
#: The number of directions that are drawn. A single product takes the first one.
DIRECTIONS = 8
#: Batches per epoch of training, and epochs: enough to leave the initial weights, and no more.
BATCHES, EPOCHS = 8, 4
#: The largest rate, by norm. The rate of ``page`` is the post's, whose net scales its outputs down.
PEAKS = {
    "page": {"active": 1.25, "none": 0.05},
    "lenet": {"active": 0.05, "none": 0.01},
    "vgg16": {"active": 0.05, "none": 0.01},
}
BATCH = 128


@dataclass(frozen=True)
class Case:
    """A net of ``width`` on ``batch`` images, with the batch norm ``norm``, at these ``weights``.

    Frozen batch norm has the statistics of the batch itself, and the weights of the net whose batch
    norm is active.
    """

    net: str = "page"
    width: str = "1/8"
    norm: Mode = "active"
    weights: State = "initial"
    batch: int = BATCH
    seed: int = 0

    def __str__(self) -> str:
        return f"{self.net}, width {self.width}, batch {self.batch}, {self.norm}, {self.weights}"

    def build(self) -> Net:
        """The net."""
        return NETS[self.net](Fraction(self.width))


@dataclass(frozen=True)
class Inputs:
    """The weights, images and labels of a case, in the engine's layout.

    ``images`` are (n, 32, 32, 3), and ``labels`` are (n,).
    ``directions`` (parameters, 8) are in flat order.
    ``statistics`` {layer: (mean, variance)} serve the mode frozen.
    ``loss`` is the loss of the batch.
    """

    weights: Weights
    images: Array
    labels: Array
    directions: Array
    statistics: dict[str, tuple[Array, Array]]
    loss: float

    @property
    def targets(self) -> Array:
        """One-hot rows and the smoothing term."""
        return ops.smoothed(self.labels, 10, SMOOTHING, self.images.dtype)

    @property
    def double(self) -> "Inputs":
        """These inputs in float64."""
        return self._each(lambda array: array.astype(float))

    def placed(self, place: Callable[[Array], Array]) -> "Inputs":
        """These inputs where ``place`` brings arrays. The directions stay."""
        there = replace(self._each(place), labels=place(self.labels))
        return replace(there, directions=self.directions)

    def _each(self, f: Callable[[Array], Array]) -> "Inputs":
        """These inputs with ``f`` of all arrays of floating-point numbers."""
        return replace(
            self,
            weights={name: f(weight) for name, weight in self.weights.items()},
            images=f(self.images),
            directions=f(self.directions),
            statistics={name: (f(m), f(v)) for name, (m, v) in self.statistics.items()},
        )


def inputs(case: Case) -> Inputs:
    """All inputs of an engine. Raises UsageError where the training diverges or learns nothing."""
    problem, data = _problem(case)
    net = problem.net
    trained = case.weights == "trained"
    own = replace(case, norm="none" if case.norm == "none" else "active")
    weights = _trained(own) if trained else _initial(case)
    x, labels = data.normalised(data.x_train[: case.batch]), data.y_train[: case.batch]
    rng = np.random.default_rng([case.seed, 1])
    directions = rng.standard_normal((net.parameters, DIRECTIONS)).astype("float32")
    given = Inputs(weights, x, labels, directions, {}, math.nan)
    norm, seen = recording(problem.norm)
    loss = float(problem.with_norm(norm).linearise(weights, x, given.targets).loss)
    return replace(given, statistics=seen if case.norm == "frozen" else {}, loss=loss)


def _problem(case: Case) -> tuple[Problem, Dataset]:
    norm = NoNorm() if case.norm == "none" else Active()
    return Problem(case.build(), norm), textures(BATCHES * case.batch, 100)


def _initial(case: Case) -> Weights:
    return initialise(case.build(), np.random.default_rng(case.seed))


@cache
def _trained(case: Case) -> Weights:
    problem, data = _problem(case)
    how = Training(
        epochs=EPOCHS,
        batch=case.batch,
        seed=case.seed,
        schedule=triangle(PEAKS[case.net][case.norm], 1, EPOCHS + 1),
        rule=SGD(momentum=0.9, nesterov=True, decay=1e-4),
        smoothing=SMOOTHING,
        augment=False,
    )
    *_, state = train(problem, data, how, beginning(_initial(case), how))
    losses = state.records["loss"]
    first, last = (float(np.mean(part)) for part in (losses[:BATCHES], losses[-BATCHES:]))
    if state.diverged or not last < first:
        raise UsageError(f"{case}: training takes the loss from {first:.3g} to {last:.3g}")
    return state.weights
