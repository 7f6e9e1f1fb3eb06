"""Batch norm with the statistics of a population of fixed images, constants of the gradient, in
place of the batch's: the same start, the same images in the same order, at three rates. Its leading
eigenvalues stand out 0.9 to 1.4 times as far as with the batch's, farther for two of three seeds,
and for each it trains more slowly.
"""

from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Observation
from deepnet.experiments.ghorbani2019.shared import measures, protocol
from deepnet.experiments.ghorbani2019.shared.protocol import Moment, Recipe
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("ghorbani2019", "batch norm with population statistics")
#: How many eigenvalues are looked for where they have not been found before.
FEW = 12


def configuration(scale: Scale) -> dict[str, Any]:
    """The measures', how many images the population has, after how many steps its statistics are
    taken anew, and at which rates it is trained."""
    return measures.configuration(scale) | {
        "population": scale.pick(24, 1000, 50_000),
        "every": scale.pick(2, 10, 10),
        "rates_population": scale.pick([0.1], [0.1, 0.05, 0.02], [0.1, 0.05, 0.02]),
    }


def run(context: Context) -> Arrays:
    """By record, for active, order (the images in another one) and population (at its best rate):
    leading ``values`` and ``loss`` (of all ``rates``; inf where it diverged). By step, ``steps``:
    the losses on the batches. Raises UsageError where images do not fit."""
    config = context.config
    context = protocol.prepared(context)
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
    """The training loss at each record, inf from where it diverged."""
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
    quotients: np.ndarray = ratios(arrays[f"{above}:values"]) / ratios(arrays["active:values"])
    return quotients if _trained(arrays) else np.full(1, np.nan)


def _ratio_by_order(arrays: Arrays) -> float:
    """The same for another order of the images: whichever of the two is called the first, and so
    never above 1."""
    quotients = _quotient(arrays, "order")
    return float(min(quotients.min(), (1 / quotients).min()))


def _orders(arrays: Arrays) -> tuple[float, float]:
    """The smaller and the larger of the losses at the end that two orders of the images leave."""
    if arrays["active:fate"] or arrays["order:fate"]:
        return float("nan"), float("nan")
    ends = [float(arrays[f"{name}:loss"][-1]) for name in ("active", "order")]
    return min(ends), max(ends)


def _slower(arrays: Arrays) -> float:
    """How much more loss its best rate leaves than batch norm does in either order."""
    return float(arrays["population:loss"][int(arrays["best"])][-1]) - _orders(arrays)[1]


def _slower_by_order(arrays: Arrays) -> float:
    """How much more one order leaves than the other, whichever leaves less: never above 0."""
    smaller, larger = _orders(arrays)
    return smaller - larger


#: Two signs. The nulls are another order of the images: of two such nets neither is above the
#: other but by chance.
OBSERVATIONS = (
    Observation(
        "population_statistics.ratio_over_batch_norms",
        band=(1.0, np.inf),
        measure=lambda arrays: float(_quotient(arrays, "population").min()),
        null=_ratio_by_order,
    ),
    Observation(
        "population_statistics.loss_over_batch_norms",
        band=(0.0, np.inf),
        measure=_slower,
        null=_slower_by_order,
    ),
)
