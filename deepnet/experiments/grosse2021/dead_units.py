"""Dead and saturated units: ReLUs that are zero on all training images, bounded units whose slope
is under a twentieth of the largest on nearly all of them. With batch norm none is ever dead,
whatever the rate: a standardised unit is positive somewhere. Without, they die at rates at which
training is lost; below, few do."""

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
#: The largest first: the one that trains is kept, and the one above it, that does not.
RATES = (10.0, 3.0, 1.0, 0.3, 0.1)
#: A unit is saturated that is so on more than this share of the images.
NEARLY_ALL = 0.95


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's mlp, six epochs."""
    return protocol.configuration(scale) | {"epochs": scale.pick(1, 6, 12)}


def run(context: Context) -> Arrays:
    """For each activation and norm ("relu, active"): the "rates" (2,), 0.1 and the largest at which
    it trains, and "dead" and "saturated" (2, epochs + 1, layers), shares of the units of each layer
    from before the training on; "reach", the least and the largest over all units of the largest
    |pre-activation| on the training images, (2, epochs + 1, 2). "lost" is the rate above, 0
    where none is lost, and "lost:dead" the shares there, (epochs + 1, layers)."""
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
    """What is seen before and after each epoch, after the last whole one as it was then; how the
    run ended."""
    data = context.data
    state = protocol.start(recipe, context)
    by_epoch = [_now(recipe, data, state)]
    for after in protocol.states(recipe, context, (), state):
        state = after
        by_epoch.append(_now(recipe, data, state))
    by_epoch += by_epoch[-1:] * (recipe.epochs + 1 - len(by_epoch))
    columns = {name: np.stack([shares[name] for shares in by_epoch]) for name in by_epoch[0]}
    return columns, final_loss.ended(protocol.problem(recipe, data), state, data).outcome


def _now(recipe: Recipe, data: Dataset, state: State) -> Arrays:
    """On all training images, batch norm with the statistics of all."""
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
    """The largest share of dead units of any layer at any time, at either rate."""
    return lambda arrays: float(arrays[f"{name}:dead"].max())


def _most_dead_where_lost(arrays: Arrays) -> float:
    """The same of ReLU without batch norm at the smallest rate at which it is lost."""
    return float(arrays["relu, none:lost:dead"].max())


def most_saturated(name: str) -> Measure:
    """The largest share of saturated units of any layer at the end, at either rate."""
    return lambda arrays: float(arrays[f"{name}:saturated"][:, -1].max())


#: Exact without a learnable shift. The null is the net without batch norm where it is lost; where
#: it is not, few units or none may be dead.
OBSERVATIONS = (
    Observation(
        "dead_units.none_with_batch_norm",
        band=(0, 0),
        measure=most_dead("relu, active"),
        null=_most_dead_where_lost,
        about=(normalisation.standardisation,),
    ),
    Observation("dead_units.without_batch_norm", None, most_dead("relu, none")),
    *(
        Observation(f"dead_units.saturated_{activation}_{norm}", None, most_saturated(name))
        for activation in ("tanh", "logistic")
        for norm, name in (
            ("with_batch_norm", f"{activation}, active"),
            ("without", f"{activation}, none"),
        )
    ),
)
