"""Training that goes on from one of the protocol's nets at a constant rate, and whether it can."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from deepnet.experiments.context import Context
from deepnet.experiments.page2019.shared.protocol import SMOOTHING
from deepnet.experiments.trained import Trained
from deepnet.training import SGD, State, Training, beginning, constant, train


@dataclass(frozen=True, kw_only=True)
class Onwards:
    """Training that goes on at a constant ``rate``. The rule's momentum is at rest at first."""

    rate: float
    rule: SGD
    epochs: int
    batch: int


def onwards(net: Trained, plan: Onwards, context: Context) -> Iterator[State]:
    """The states after each epoch, up to ``plan.epochs`` or until training diverges.

    The images come in another order than in the training of ``net``.
    """
    training = Training(
        epochs=plan.epochs,
        batch=plan.batch,
        seed=context.seed + 1,
        schedule=constant(plan.rate),
        rule=plan.rule,
        smoothing=SMOOTHING,
    )
    start = replace(beginning(net.state.weights, training), statistics=net.state.statistics)
    return train(net.problem, context.data, training, start)


def lost(state: State, classes: int, batch: int) -> bool:
    """Whether a training got lost: inf or nan, or no better than chance in its last quarter.

    Chance is a share of 1/classes right, and its three standard errors over the last quarter's
    images: what a net with constant outputs attains.
    """
    if state.diverged:
        return True
    last = np.array(state.records["accuracy"])[-max(1, len(state.records["accuracy"]) // 4) :]
    chance = 1 / classes
    return bool(last.mean() <= chance + 3 * np.sqrt(chance * (1 - chance) / (len(last) * batch)))
