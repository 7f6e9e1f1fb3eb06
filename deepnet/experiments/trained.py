"""A stored training is named by all that it depends on, and experiments share its trained net.

A checkpoint is written after each epoch. An interrupted training continues from the last checkpoint
and ends with equal bits. The file of a trained net can be given to ``python -m deepnet spectrum``.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from math import inf, nan
from pathlib import Path
from typing import Any

from deepnet.curvature import Batches
from deepnet.data import Dataset
from deepnet.experiments.context import Context
from deepnet.experiments.images import Batch
from deepnet.experiments.outcome import Outcome
from deepnet.experiments.store import once
from deepnet.memory import passes
from deepnet.npz import read, write
from deepnet.problem import Problem
from deepnet.training import State, Training, constant, in_eval, settle, train, usual
from deepnet.training.rule import Rule
from deepnet.training.train import Hook

#: Raised when the same training gives other weights.
VERSION_OF_TRAINING = 6
#: The number of batches whose passes are kept in the host's memory between products.
KEEP = 2


def at_constant_rate(rate: float, rule: Rule, **counts: Any) -> Training:
    """A training at the constant ``rate``, without augmentation.

    The ``counts`` are ``epochs``, ``batch`` and ``seed``.
    """
    return Training(schedule=constant(rate), rule=rule, augment=False, **counts)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A training before it is run.

    ``problem``: the loss of the net, with its norm.
    ``training``: rule, schedule, batches and seed.
    ``start``: the state at the beginning. Epochs of this state are not run again.
    ``hooks``: they make the records of each step.
    ``settled``: whether running statistics are settled at the end.
    """

    problem: Problem
    training: Training
    start: State
    hooks: Sequence[Hook] = (usual,)
    settled: bool = False

    def states(self, data: Dataset) -> Iterator[State]:
        """The state after each epoch."""
        return train(self.problem, data, self.training, self.start, self.hooks)


@dataclass(frozen=True)
class Trained:
    """A net after its training.

    ``problem``: the loss of the net, with its norm.
    ``state``: the state at the end of training.
    ``outcome``: the outcome of the training. It is ``TRAINED`` if no rule has judged it.
    ``loss``: the final loss over all training images. It is nan if the training diverged, or if the
    loss was not measured.
    ``recipe``: the source's recipe, or None.
    """

    problem: Problem
    state: State
    outcome: Outcome = Outcome.TRAINED
    loss: float = nan
    recipe: Any = None

    @property
    def frozen(self) -> "Trained":
        """This net with batch norm, if it has any, frozen at the state's statistics."""
        return replace(self, problem=in_eval(self.problem, self.state.statistics))

    @property
    def rank(self) -> float:
        """The final loss, or inf where the net did not train. Nets are ordered by it."""
        return inf if self.outcome else self.loss

    def batches(self, data: Sequence[Batch], keep: int = KEEP) -> Batches:
        """The loss over the batches ``data`` at the net's weights.

        On the host the passes of ``keep`` batches are kept between products.
        """
        return Batches(self.problem, self.state.weights, data, passes(data[0][0], keep))


def stored(name: str, plan: Plan, context: Context, **identity: Any) -> Trained:
    """Train as ``plan`` says on the context's data, and return the net at the end.

    ``identity`` are plain numbers and texts: everything that the result depends on, without the
    data and the context's seed. These are net, rule, schedule, start and hooks.

    If training diverged, ``state.diverged`` is True. Training runs on the device of the data. The
    returned state is on the CPU, like a state that is read from disk.
    """
    path = context.path_of("nets", name, version=VERSION_OF_TRAINING, **identity)
    state = once(path, partial(_found, path), partial(_train, path, plan, context.data))
    return Trained(plan.problem, state)


def _found(path: Path) -> State | None:
    """The state at ``path``. A checkpoint that a killed process has left is no longer needed."""
    state = _read(path)
    if state is not None:
        with suppress(OSError):
            _checkpoint(path).unlink()
    return state


def _read(path: Path) -> State | None:
    arrays = read(path)
    return None if arrays is None else State.from_arrays(arrays)


def _train(path: Path, plan: Plan, data: Dataset) -> State:
    checkpoint = _checkpoint(path)
    state = start = _read(checkpoint) or plan.start
    for state in replace(plan, start=start).states(data):
        write(checkpoint, state.to_arrays())
    if plan.settled:
        state = replace(state, statistics=settle(plan.problem, data, plan.training, state))
    write(path, state.to_arrays())
    checkpoint.unlink(missing_ok=True)
    return state.on_host()


def _checkpoint(path: Path) -> Path:
    return path.with_suffix(".checkpoint.npz")
