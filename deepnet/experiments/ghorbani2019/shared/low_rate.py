"""The end of a run at low rates is taken to be "the optimum" of the run."""

from dataclasses import asdict
from math import ceil

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
    """``rate`` divided by each of the divisors in turn, for ``epochs`` epochs each.

    >>> [falling(3.0, 2)(epoch) for epoch in (0.5, 2.0, 2.5, 6.0)]
    [1.0, 1.0, 0.3, 0.1]
    """
    return lambda epoch: rate / DIVISORS[min(max(1, ceil(epoch / epochs)), len(DIVISORS)) - 1]


def end(moment: Moment, context: Context) -> Trained:
    """The net after training from ``moment`` on, for ``low_epochs`` epochs at each low rate.

    Training begins without momentum, and the images come in another order. The end is the end of a
    run, not a minimum.
    """
    start, low_epochs = protocol.net(moment, context), context.config["low_epochs"]
    training = Training(
        epochs=len(DIVISORS) * low_epochs,
        batch=moment.recipe.batch,
        augment=False,
        seed=context.seed + APART * (moment.recipe.order + 1),
        schedule=falling(moment.recipe.rate, low_epochs),
        rule=SGD(momentum=MOMENTUM),
    )
    state = stored_training(
        f"resnet-{moment.recipe.norm}-end",
        start.problem,
        context,
        training,
        beginning(start.state.weights, training),
        settled=False,
        moment=asdict(moment),
        low_epochs=low_epochs,
    )
    return Trained(start.problem, state)
