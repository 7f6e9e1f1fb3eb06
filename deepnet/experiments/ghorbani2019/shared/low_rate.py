"""Where a run at low rates ends: what "the optimum" of a run is taken to be."""

from collections.abc import Mapping
from dataclasses import asdict
from math import ceil
from typing import Any

from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019.shared import protocol
from deepnet.experiments.ghorbani2019.shared.protocol import APART, MOMENTUM, Moment
from deepnet.experiments.runs import stored_training
from deepnet.experiments.trained import Trained
from deepnet.training import SGD, Training, beginning
from deepnet.training.schedules import Schedule

#: The rate is divided by each of these in turn.
DIVISORS = (3.0, 10.0, 30.0)


def falling(rate: float, epochs: int) -> Schedule:
    """``rate`` over each of the divisors, ``epochs`` epochs each.

    >>> [falling(3.0, 2)(epoch) for epoch in (0.5, 2.0, 2.5, 6.0)]
    [1.0, 1.0, 0.3, 0.1]
    """
    return lambda epoch: rate / DIVISORS[min(max(1, ceil(epoch / epochs)), len(DIVISORS)) - 1]


def end(at: Moment, config: Mapping[str, Any], context: Context) -> Trained:
    """The net after training on from ``at``, at rest first, ``low_epochs`` epochs at each low rate.

    The images come in another order. It is the end of a run, not a minimum.
    """
    start, each = protocol.net(at, config, context), config["low_epochs"]
    how = Training(
        epochs=len(DIVISORS) * each,
        batch=at.recipe.batch,
        augment=False,
        seed=context.seed + APART * (at.recipe.order + 1),
        schedule=falling(at.recipe.rate, each),
        rule=SGD(momentum=MOMENTUM),
    )
    state = stored_training(
        f"resnet-{at.recipe.norm}-end",
        start.problem,
        context,
        how,
        beginning(start.state.weights, how),
        settled=False,
        moment=asdict(at),
        low_epochs=each,
    )
    return Trained(start.problem, state)
