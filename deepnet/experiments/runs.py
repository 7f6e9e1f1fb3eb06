"""Trainings that are kept: each named by all that it depends on and shared between the experiments.

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
VERSION_OF_TRAINING = 5


def kept(
    name: str,
    problem: Problem,
    context: Context,
    how: Training,
    start: State,
    hooks: Sequence[Hook] = (usual,),
    settled: bool = True,
    **what: Any,
) -> State:
    """The state in which training ``problem`` on the context's data ends, from ``start``.

    ``what`` says in plain numbers and texts all that the result depends on but the data and the
    context's seed: net, rule, schedule, start and hooks. Running statistics are ``settled`` at the
    end. Of a net that was lost the state says so. It is trained where the data are; the state is
    the host's, as one that is read is.
    """
    path = context.place("nets", name, version=VERSION_OF_TRAINING, **what)
    compute = partial(_trained, path, problem, context, how, start, hooks, settled)
    return once(path, partial(_read, path), compute)


def _read(path: Path) -> State | None:
    stored = read(path)
    return None if stored is None else State.from_arrays(stored)


def _trained(
    path: Path,
    problem: Problem,
    context: Context,
    how: Training,
    start: State,
    hooks: Sequence[Hook],
    settled: bool,
) -> State:
    checkpoint = path.with_suffix(".checkpoint.npz")
    last = state = _read(checkpoint) or start
    for state in train(problem, context.data, how, last, hooks):
        write(checkpoint, state.to_arrays())
    if settled:
        state = replace(state, statistics=settle(problem, context.data, how, state))
    write(path, state.to_arrays())
    checkpoint.unlink(missing_ok=True)
    return state.on_host()
