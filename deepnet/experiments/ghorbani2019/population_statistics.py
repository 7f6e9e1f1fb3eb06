"""Batch norm with the statistics of a fixed population of images is compared with batch norm.

The population's statistics are constants of the gradient and take the place of the batch's. The
trainings share their start, their images and the order of the images. The net with the population's
statistics trains at three rates. Its ratio lambda_1/lambda_10 is 0.9 to 1.4 times the ratio
with the batch's statistics, and the larger one for two of three seeds. For each seed the net with
the population's statistics trains more slowly.
"""

from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Observation
from deepnet.experiments.ghorbani2019.shared import measures, protocol
from deepnet.experiments.ghorbani2019.shared.prepared import prepared
from deepnet.experiments.ghorbani2019.shared.protocol import Moment, Recipe
from deepnet.experiments.reasons import NEVER_INSIDE
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("ghorbani2019", "batch norm with population statistics")
#: The number of eigenvalues that are computed where none have been stored before.
FEW = 12


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the measures' configuration, and the population's.

    ``population``: the number of images in the population.
    ``every``: the number of steps after which its statistics are taken again.
    ``rates_population``: the rates at which the net trains with them.
    """
    return measures.configuration(scale) | {
        "population": scale.pick(24, 1000, 50_000),
        "every": scale.pick(2, 10, 10),
        "rates_population": scale.pick([0.1], [0.1, 0.05, 0.02], [0.1, 0.05, 0.02]),
    }


def run(context: Context) -> Arrays:
    """The losses and leading eigenvalues with the batch's statistics and with the population's.

    "active" and "order" have the batch's statistics. "order" has the images in another order.

    "records" (records,): the epochs. "rates" (rates,): the rates of the population.
    "best": the index of the rate with the lowest last loss.
    "population:loss" (rates, records), "population:fates" (rates,).
    "population:values" (records, eigenvalues): at the best rate.
    "population:steps:<rate>" (steps,): the losses on the batches.
    "active:loss" (records,), "active:values", "active:fate", "active:steps", and so for "order".

    A loss is inf from where the run diverged. Raises UsageError where images do not fit.
    """
    config = context.config
    context = prepared(context)
    rates = config["rates_population"]
    recipes = [protocol.population(rate, config) for rate in rates]
    losses = np.array([_losses(recipe, context) for recipe in recipes])
    best = int(losses[:, -1].argmin())
    arrays: Arrays = {
        "records": np.array(config["records"]),
        "rates": np.array(rates),
        "best": np.array(best),
        "population:loss": losses,
        "population:fates": np.array([protocol.outcome(recipe, context) for recipe in recipes]),
        "population:values": _eigenvalues(recipes[best], context),
    }
    whole = config["records"][-1]
    for rate, recipe in zip(rates, recipes, strict=True):
        steps = protocol.trained(recipe, whole, context).state.records["loss"]
        arrays[f"population:steps:{rate:g}"] = np.array(steps)
    for name, order in (("active", 0), ("order", 1)):
        recipe = protocol.recipe("active", context, order=order)
        steps = protocol.trained(recipe, whole, context).state.records["loss"]
        arrays |= {
            f"{name}:loss": _losses(recipe, context),
            f"{name}:values": _eigenvalues(recipe, context),
            f"{name}:fate": np.array(protocol.outcome(recipe, context)),
            f"{name}:steps": np.array(steps),
        }
    return arrays


def _losses(recipe: Recipe, context: Context) -> np.ndarray:
    """The training loss at each record, inf from where the run diverged."""
    losses = []
    for epoch in context.config["records"]:
        lost = protocol.trained(recipe, epoch, context).state.diverged
        losses.append(np.inf if lost else measures.loss(Moment(recipe, epoch), context))
    return np.array(losses)


def _eigenvalues(recipe: Recipe, context: Context) -> np.ndarray:
    """The leading eigenvalues at each record, of the function that is trained."""
    top = measures.TOP if recipe == protocol.recipe("active", context) else FEW
    moments = [Moment(recipe, epoch) for epoch in context.config["records"]]
    return np.array([measures.eigenpairs(moment, context, top)["values"] for moment in moments])


def ratios(eigenvalues: np.ndarray) -> np.ndarray:
    """lambda_1/lambda_10 at each record; nan where lambda_10 is not positive."""
    tenth = eigenvalues[:, measures.LEADING - 1]
    return eigenvalues[:, 0] / np.where(tenth > 0, tenth, np.nan)


def _trained(arrays: Arrays) -> bool:
    best = arrays["population:fates"][int(arrays["best"])]
    return not (best or arrays["active:fate"] or arrays["order:fate"])


def _quotient(arrays: Arrays, above: str) -> np.ndarray:
    """lambda_1/lambda_10 of ``above`` over lambda_1/lambda_10 of batch norm, (records,).

    The result is (nan,) where a net did not train.
    """
    quotients: np.ndarray = ratios(arrays[f"{above}:values"]) / ratios(arrays["active:values"])
    return quotients if _trained(arrays) else np.full(1, np.nan)


def _ratio_by_order(arrays: Arrays) -> float:
    """Null: lambda_1/lambda_10 with the images in another order over lambda_1/lambda_10 without.

    The result is the smallest quotient over the records after the start. At the start both nets
    are the same net.
    """
    after = len(arrays["records"]) - 1
    return float(_quotient(arrays, "order")[-after:].min())


def _orders(arrays: Arrays) -> np.ndarray:
    """The losses of two image orders with batch norm, (2, records); nan where one did not train."""
    losses = np.array([arrays["active:loss"], arrays["order:loss"]])
    lost = arrays["active:fate"] or arrays["order:fate"]
    return np.full_like(losses, np.nan) if lost else losses


def _slower(arrays: Arrays) -> float:
    """The population's final loss at its best rate minus the larger one of two image orders."""
    larger = _orders(arrays)[:, -1].max()
    return float(arrays["population:loss"][int(arrays["best"])][-1] - larger)


def _slower_by_order(arrays: Arrays) -> float:
    """Null: the loss in another order minus the loss, the smallest over records after the start."""
    usual, other = _orders(arrays)
    return float((other - usual)[1:].min())


#: Both observations state a sign. The nulls compare two orders of the images. Only by chance is the
#: net with one order above the net with the other at all records.
OBSERVATIONS = (
    Observation(
        "population_statistics.ratio_over_batch_norms",
        says=(
            "The ratio lambda_1/lambda_10 is larger with the population's statistics than with the "
            "batch's statistics, at each record."
        ),
        link="log",
        band=(1.0, np.inf),
        measure=lambda arrays: float(_quotient(arrays, "population").min()),
        null=_ratio_by_order,
        stated="after",
        was="The null was the smaller of a quotient of two image orders and its inverse.",
        why=NEVER_INSIDE,
    ),
    Observation(
        "population_statistics.loss_over_batch_norms",
        says=(
            "The final loss with the population's statistics, at the best rate, exceeds the final "
            "loss with the batch's statistics in each of two image orders."
        ),
        band=(0.0, np.inf),
        measure=_slower,
        null=_slower_by_order,
        stated="after",
        was=(
            "The excess loss is more than twice the difference of two orders. Later the null was "
            "the smaller minus the larger loss of two orders."
        ),
        why=(
            f"The commit gives no reason. The statement is now about either order. {NEVER_INSIDE}"
        ),
    ),
)
