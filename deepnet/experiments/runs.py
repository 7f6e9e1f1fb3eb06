"""A stored training is named by all that it depends on, and experiments share it.

A checkpoint is written after each epoch. An interrupted training continues from the last checkpoint
and ends with equal bits. The file of a trained net can be given to ``python -m deepnet spectrum``.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from deepnet.experiments.context import Context
from deepnet.experiments.store import once, read, write
from deepnet.problem import Problem
from deepnet.training import State, Training, settle, train, usual
from deepnet.training.train import Hook

#: Raised when the same training gives other weights.
VERSION_OF_TRAINING = 6


def stored_training(
    name: str,
    problem: Problem,
    context: Context,
    training: Training,
    start: State,
    hooks: Sequence[Hook] = (usual,),
    settled: bool = True,
    **identity: Any,
) -> State:
    """Train ``problem`` on the context's data from ``start``, and return the state at the end.

    ``identity`` are plain numbers and texts: everything that the result depends on, without the
    data and the context's seed. These are net, rule, schedule, start and hooks.
    ``settled`` says whether running statistics are settled at the end.

    If training diverged, ``state.diverged`` is True. Training runs on the device of the data. The
    returned state is on the CPU, like a state that is read from disk.
    """
    path = context.path_of("nets", name, version=VERSION_OF_TRAINING, **identity)
    compute = partial(_trained, path, problem, context, training, start, hooks, settled)
    return once(path, partial(_read, path), compute)


def _read(path: Path) -> State | None:
    arrays = read(path)
    return None if arrays is None else State.from_arrays(arrays)


def _trained(
    path: Path,
    problem: Problem,
    context: Context,
    training: Training,
    start: State,
    hooks: Sequence[Hook],
    settled: bool,
) -> State:
    checkpoint = path.with_suffix(".checkpoint.npz")
    last = state = _read(checkpoint) or start
    for state in train(problem, context.data, training, last, hooks):
        write(checkpoint, state.to_arrays())
    if settled:
        state = replace(state, statistics=settle(problem, context.data, training, state))
    write(path, state.to_arrays())
    checkpoint.unlink(missing_ok=True)
    return state.on_host()
