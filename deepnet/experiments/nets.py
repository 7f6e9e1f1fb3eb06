"""Trained nets, each named by all that it depends on and shared between the experiments.

A checkpoint is written after each epoch; an interrupted training goes on from the last one and ends
with the same bits. The file of a trained net can be given to ``python -m deepnet spectrum``.
"""

from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np

from companion.errors import UsageError
from deepnet.experiments.context import Context
from deepnet.experiments.store import key, read, write
from deepnet.nets.initialise import initialise
from deepnet.nets.norm_mode import Norm
from deepnet.nets.page import page
from deepnet.problem import Problem
from deepnet.training import SGD, State, Training, beginning, settle, train, triangle

#: Raised when the same recipe gives other weights.
VERSION_OF_TRAINING = 3


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The post's net (page2019) trained as there: all that the weights depend on but data and seed.

    The rate rises from 0 to ``peak`` at a fifth of ``epochs`` and falls back to 0; training stops
    after ``stop`` of them. The rule is Nesterov's with momentum 0.9 and weight decay 1e-4.
    """

    norm: Literal["active", "none"]
    peak: float
    width: str
    epochs: int
    stop: int
    batch: int
    smoothing: float = 0.5


@dataclass(frozen=True)
class Trained:
    """A net after training; its running statistics have been settled."""

    problem: Problem
    state: State


def trained(recipe: Recipe, context: Context) -> Trained:
    """The net of ``recipe`` trained on the context's data from its seed, or as far as it got.

    Its state says so where it diverged. Raises UsageError where the images are of another size.
    """
    shape = context.data.x_train.shape[1:]
    if shape != (32, 32, 3):
        raise UsageError(f"{context.data.name} has images {shape}; the net takes (32, 32, 3)")
    net = page(Fraction(recipe.width), classes=context.data.classes)
    problem = Problem(net, Norm(recipe.norm))
    how = Training(
        epochs=recipe.stop,
        batch=recipe.batch,
        seed=context.seed,
        schedule=triangle(recipe.peak, recipe.epochs / 5, recipe.epochs),
        rule=SGD(momentum=0.9, nesterov=True, decay=1e-4),
        smoothing=recipe.smoothing,
    )
    name = key(
        version=VERSION_OF_TRAINING,
        recipe=asdict(recipe),
        seed=context.seed,
        data=context.data.checksum,
    )
    path = context.nets / f"page-{recipe.norm}-{name}.npz"
    stored = read(path)
    if stored is not None:
        return Trained(problem, State.from_arrays(stored))
    state = _train(problem, context, how, path.with_suffix(".checkpoint.npz"))
    state = replace(state, statistics=settle(problem, context.data, how, state))
    write(path, state.to_arrays())
    path.with_suffix(".checkpoint.npz").unlink(missing_ok=True)
    return Trained(problem, state)


def _train(problem: Problem, context: Context, how: Training, checkpoint: Path) -> State:
    """The last state of the training, from the ``checkpoint`` where there is one."""
    stored = read(checkpoint)
    if stored is not None:
        last = State.from_arrays(stored)
    else:
        rng = np.random.default_rng([context.seed, 2**32])
        last = beginning(initialise(problem.net, rng), how)
    for state in train(problem, context.data, how, last):
        write(checkpoint, state.to_arrays())
        last = state
    return last
