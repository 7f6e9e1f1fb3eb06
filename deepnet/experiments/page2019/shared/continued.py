"""Training goes on from one of the protocol's nets at a constant rate."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

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
