"""Stored trainings: each is named by all that it depends on and shared between the experiments.

A checkpoint is written after each epoch; an interrupted training goes on from the last one and ends
with the same bits. The file of a trained net can be given to ``python -m deepnet spectrum``.
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
    """The state in which training ``problem`` on the context's data ends, from ``start``.

    ``identity`` says in plain numbers and texts all that the result depends on but the data and the
    context's seed: net, rule, schedule, start and hooks. Running statistics are ``settled`` at the
    end. Of a net that was lost the state says so. It is trained where the data are; the state is
    the host's, as one that is read is.
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
