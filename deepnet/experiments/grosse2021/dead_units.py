"""Dead and saturated units are counted along training, with batch norm and without.

A dead unit is a ReLU that is zero on all training images. A saturated unit is a bounded unit whose
slope is under a twentieth of the largest on nearly all of them. With batch norm no unit is ever
dead, whatever the rate: a standardised unit is positive somewhere. Without batch norm units die at
rates at which training is lost. At smaller rates few die.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.backend import to_host
from deepnet.data import Dataset
from deepnet.experiments import images
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared import final_loss, protocol
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.protocol import Recipe
from deepnet.experiments.outcome import Outcome
from deepnet.experiments.store import Arrays
from deepnet.training import State
from deepnet.watch import activations, dead, saturated
from theory import normalisation

VERSION = 2
SOURCE = cite("grosse2021", "Preventing dead or saturated units")
ACTIVATIONS = ("relu", "tanh", "logistic")
NORMS = ("active", "none")
#: The rates, the largest first. The largest rate that trains is kept, and the rate above it, which
#: does not train.
RATES = (10.0, 3.0, 1.0, 0.3, 0.1)
#: A unit counts as saturated if it is saturated on more than this share of the images.
NEARLY_ALL = 0.95


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the configuration of the protocol's mlp, with six epochs at quick."""
    return protocol.configuration(scale) | {"epochs": scale.pick(1, 6, 12)}


def run(context: Context) -> Arrays:
    """The shares of dead and saturated units for each activation and norm, such as "relu, active".

    "<run>:rates" (2,): 0.1, and the largest rate at which the net trains.
    "<run>:dead" and "<run>:saturated" (2, epochs + 1, layers): shares of the units of each layer.
    "<run>:reach" (2, epochs + 1, 2): the least and largest over units of the largest
    |pre-activation|.
    "<run>:mark": the outcome at the second rate, as the number of an ``Outcome``.
    "<run>:lost": the rate above the second one, or 0 where training is lost at no rate.
    "<run>:lost:dead" (epochs + 1, layers): the shares of dead units at this rate.
    """
    context = prepared(context)
    arrays: Arrays = {}
    for activation in ACTIVATIONS:
        for norm in NORMS:
            recipe = protocol.dense(
                context.config, activation=activation, norm=norm, epochs=context.config["epochs"]
            )
            compute = partial(_followed, recipe, context)
            shares = context.stage(f"{activation}-{norm}", compute)
            arrays |= {
                f"{activation}, {norm}:{quantity}": value for quantity, value in shares.items()
            }
    return arrays


def _followed(recipe: Recipe, context: Context) -> Arrays:
    lost: tuple[float, Arrays] | None = None
    for rate in RATES:
        best, outcome = _shares_by_epoch(replace(recipe, rate=rate), context)
        if not outcome:
            break
        lost = rate, best
    usual = best if rate == 0.1 else _shares_by_epoch(replace(recipe, rate=0.1), context)[0]
    return {name: np.stack([usual[name], best[name]]) for name in best} | {
        "rates": np.array([0.1, rate]),
        "mark": np.array(outcome),
        "lost": np.array(lost[0] if lost else 0.0),
        "lost:dead": lost[1]["dead"] if lost else 0 * best["dead"],
    }


def _shares_by_epoch(recipe: Recipe, context: Context) -> tuple[Arrays, Outcome]:
    """Measurements before the first epoch and after each epoch, and the mark of the run.

    If the run diverges, its last measurement is repeated.
    """
    data = context.data
    state = protocol.start(recipe, context)
    by_epoch = [_now(recipe, data, state)]
    for after in protocol.plan(recipe, context, (), state).states(context.data):
        state = after
        by_epoch.append(_now(recipe, data, state))
    by_epoch += by_epoch[-1:] * (recipe.epochs + 1 - len(by_epoch))
    columns = {name: np.stack([shares[name] for shares in by_epoch]) for name in by_epoch[0]}
    return columns, final_loss.ended(protocol.problem(recipe, data), state, data).outcome


def _now(recipe: Recipe, data: Dataset, state: State) -> Arrays:
    """The measurements on all training images, whose statistics batch norm has."""
    x, _ = images.whole(data)
    with np.errstate(all="ignore"):
        seen = activations(protocol.problem(recipe, data), state.weights, to_host(x)).values()
        reach = np.concatenate([np.abs(layer.before).max(0) for layer in seen])
        return {
            "dead": np.array([dead(layer).mean() for layer in seen]),
            "saturated": np.array([(saturated(layer) > NEARLY_ALL).mean() for layer in seen]),
            "reach": np.array([reach.min(), reach.max()], float),
        }


def most_dead(name: str) -> Measure:
    """The largest share of dead units of any layer at any epoch, at either rate."""
    return lambda arrays: float(arrays[f"{name}:dead"].max())


def _most_dead_where_lost(arrays: Arrays) -> float:
    """Null: the largest share for ReLU without batch norm at the smallest rate that is lost."""
    return float(arrays["relu, none:lost:dead"].max())


def most_saturated(name: str) -> Measure:
    """The largest share of saturated units of any layer after the last epoch, at either rate."""
    return lambda arrays: float(arrays[f"{name}:saturated"][:, -1].max())


#: The statement is exact without a learnable shift. The null is the net without batch norm at a
#: rate at which it is lost. At a rate at which it trains, few of its units or none may be dead.
OBSERVATIONS = (
    Observation(
        "dead_units.none_with_batch_norm",
        says=(
            "No ReLU unit of the net with batch norm is zero on all training images, in any epoch, "
            "at the rate 0.1 and at the largest rate that trains."
        ),
        exact=True,
        band=(0, 0),
        measure=most_dead("relu, active"),
        null=_most_dead_where_lost,
        about=(normalisation.standardisation,),
        stated="after",
        was="The null was missing where the net is lost at no rate.",
        why="Results hold finite numbers. The null is then 0, inside the band.",
    ),
    Observation(
        "dead_units.without_batch_norm",
        says=(
            "The largest share of a layer's ReLU units that are zero on all training images, in "
            "any epoch and at either rate, without batch norm."
        ),
        band=None,
        measure=most_dead("relu, none"),
    ),
    *(
        Observation(
            f"dead_units.saturated_{activation}_{norm}",
            says=(
                f"The largest share of a layer's {activation} units that are saturated after the "
                f"last epoch, at either rate, {norm.partition('_')[0]} batch norm."
            ),
            band=None,
            measure=most_saturated(name),
        )
        for activation in ("tanh", "logistic")
        for norm, name in (
            ("with_batch_norm", f"{activation}, active"),
            ("without", f"{activation}, none"),
        )
    ),
)
