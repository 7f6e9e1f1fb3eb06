"""Training: a generator of one state per epoch. From each state it continues to the same bits."""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from deepnet import ops
from deepnet.backend import numbers
from deepnet.data.dataset import Dataset
from deepnet.problem import Problem
from deepnet.training.averaging import averaged
from deepnet.training.computed import computed, graph
from deepnet.training.epoch import Batching, epoch_batches
from deepnet.training.rule import Rule, Weights
from deepnet.training.schedules import Schedule
from deepnet.training.state import State

Array = Any


@dataclass(frozen=True, kw_only=True)
class Training(Batching):
    """How a net is trained: number of epochs, rate at each moment, rule and smoothing."""

    epochs: int
    schedule: Schedule
    rule: Rule
    smoothing: float = 0.0


@dataclass(frozen=True)
class TrainingStep:
    """A step as a hook sees it: its batch, and the weights ``before`` and ``after`` it.

    ``outputs``, ``loss`` and ``gradient`` belong to the ``problem``, with the noise of this step,
    on ``x`` and ``targets`` at the weights ``before``. A hook that measures curvature linearises
    the problem there again. Where the loss or the weights ``after`` are inf or nan, the training
    stops after the hooks.
    """

    epoch: float
    lr: float
    problem: Problem
    x: Array
    labels: Array
    targets: Array
    before: Weights
    loss: Array
    outputs: Array
    gradient: Weights
    after: Weights


#: A function of a step that returns {name: number}. A number may be a device's array of one number.
#: Such arrays are fetched together at the step's end. A name that is missing at a step has a gap.
Hook = Callable[[TrainingStep], Mapping[str, Any]]


def usual(step: TrainingStep) -> dict[str, Any]:
    """The epoch, the rate, and the loss and accuracy on the batch."""
    hits = (step.outputs.argmax(-1) == step.labels).mean()
    return {
        "epoch": step.epoch,
        "lr": step.lr,
        "loss": step.loss,
        "accuracy": hits,
    }


def beginning(weights: Weights, training: Training) -> State:
    """The state before the first epoch."""
    return State(weights, training.rule.start(weights))


def train(
    problem: Problem,
    data: Dataset,
    training: Training,
    state: State,
    hooks: Sequence[Hook] = (usual,),
) -> Iterator[State]:
    """Yield the state after each epoch up to ``training.epochs``, starting from ``state``.

    The rate of a step is the schedule's rate at the end of the step, so that a rise from 0 wastes
    no step. Inf or nan stop the training. The last state then says ``diverged`` and has all
    recorded numbers. The training runs on the device of the data.
    """
    state = state.beside(data.x_train)
    captured = graph(problem, training.rule, state.weights, training.averaging.unbiased)
    while state.epoch < training.epochs and not state.diverged:
        state = _epoch(problem, data, training, state, hooks, captured)
        yield state


def _epoch(
    problem: Problem,
    data: Dataset,
    training: Training,
    state: State,
    hooks: Sequence[Hook],
    captured: Callable[..., Any] | None,
) -> State:
    steps = len(data.x_train) // training.batch
    records = {name: list(column) for name, column in state.records.items()}
    state = replace(state, records=records)
    title = f"epoch {state.epoch + 1} of {training.epochs}"
    epoch = epoch_batches(data, training, state.epoch, state.weights, title)
    for i, (x, labels) in enumerate(epoch):
        moment = (state.epoch * steps + i + 1) / steps
        with warnings.catch_warnings():  # np.errstate does not reach the engine's threads
            warnings.simplefilter("ignore", RuntimeWarning)
            now = problem.at(state.epoch * steps + i)
            targets = ops.smoothed(labels, data.classes, training.smoothing, x.dtype)
            compute = captured or partial(
                computed, now, training.rule, unbiased=training.averaging.unbiased
            )
            batch = x, labels, targets
            step, moved, finite = _step(now, compute, training, state, moment, batch)
            finite = _recorded(state.records, hooks, step, finite)
        if not finite:
            return replace(state, diverged=True)
        state = moved
    return replace(state, epoch=state.epoch + 1)


def _step(
    problem: Problem,
    compute: Callable[..., Any],
    training: Training,
    state: State,
    moment: float,
    batch: tuple[Array, Array, Array],
) -> tuple[TrainingStep, State, Array]:
    """One step, the state after it, and whether the loss and this state's weights are finite."""
    before, lr, (x, _, targets) = state.weights, training.schedule(moment), batch
    loss, outputs, gradient, after, memory, seen, finite = compute(
        before, state.memory, x, targets, lr
    )
    step = TrainingStep(moment, lr, problem, *batch, before, loss, outputs, gradient, after)
    statistics = averaged(state.statistics, seen, training.averaging)
    return step, replace(state, weights=after, memory=memory, statistics=statistics), finite


def _recorded(
    records: dict[str, list[Any]], hooks: Sequence[Hook], step: TrainingStep, finite: Array
) -> bool:
    """Append what the ``hooks`` say of the ``step`` to ``records``. Return ``finite``."""
    record = [entry for hook in hooks for entry in hook(step).items()]
    # the step's one transfer
    *recorded, finite = numbers([*(value for _, value in record), finite])
    for (name, _), value in zip(record, recorded, strict=True):
        records.setdefault(name, []).append(value)
    return bool(finite)
