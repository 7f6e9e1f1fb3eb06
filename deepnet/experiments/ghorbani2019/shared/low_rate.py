"""The end of a run at low rates is taken to be "the optimum" of the run."""

from dataclasses import asdict, replace
from math import ceil

from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019.shared import protocol
from deepnet.experiments.ghorbani2019.shared.protocol import APART, Moment
from deepnet.experiments.trained import Plan, Trained, stored
from deepnet.training import beginning
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
    before, recipe = protocol.net(moment, context), moment.recipe
    low_epochs = context.config["low_epochs"]
    training = replace(
        protocol.training(recipe, len(DIVISORS) * low_epochs, context),
        seed=context.seed + APART * (recipe.order + 1),
        schedule=falling(recipe.rate, low_epochs),
    )
    start = beginning(before.state.weights, training)
    plan = Plan(problem=before.problem, training=training, start=start)
    identity = {"moment": asdict(moment), "low_epochs": low_epochs}
    return stored(f"resnet-{recipe.norm}-end", plan, context, **identity)
