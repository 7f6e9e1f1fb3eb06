"""Exact identities of a unit before batch norm are checked step by step, in float64 without eps.

The gradient of such a unit is orthogonal to its weights. The squared length of the weights grows by
the sum of the squares of all steps, and never falls. A step turns the weights by arctan(eta
G/|w|^2), and by arctan(eta G) where they are brought back to length one. Without batch norm none of
this holds. With the usual eps it does not hold for short weights. Undamped K-FAC turns units of any
length alike, and damped K-FAC does not.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared import protocol
from deepnet.experiments.grosse2021.shared.prepared import first_images, prepared
from deepnet.experiments.grosse2021.shared.protocol import Recipe
from deepnet.experiments.grosse2021.shared.turns import Directions, apart, hidden, recorded_turns
from deepnet.experiments.store import Arrays
from deepnet.ops.norm import EPS
from deepnet.training import KFAC, FixedNorms, beginning
from deepnet.training.rule import Rule
from deepnet.training.sgd import SGD
from theory import invariance, normalisation

VERSION = 2
SOURCE = cite("grosse2021", "apply the Pythagorean Theorem")
#: The runs of descent. The run with "short" weights has the usual eps.
RUNS = ("batch norm", "none", "short", "unit")
DAMPINGS = {"undamped": 0.0, "damped": 1e-3}


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the configuration of the protocol's mlp, for one epoch of few images.

    ``short``: the factor of the short weights.
    ``stretch``: the factor of every other unit's weights for K-FAC.
    """
    # Undamped K-FAC's steps are long: at a rate of 0.1 its path enlarges rounding tenfold per step
    return protocol.configuration(scale) | {
        "train": scale.pick(64, 3000, 5000),
        "rate": 1.0,
        "rate_none": 0.1,
        "short": 1e-3,
        "stretch": 3.0,
        "kfac_rate": 1e-3,
        "kfac_images": scale.pick(64, 2000, 2000),
    }


def run(context: Context) -> Arrays:
    """The ``recorded_turns`` of each of ``RUNS`` at every step, "<run>:<quantity>".

    "undamped" and "damped" (steps,): the largest distance of a unit's direction between K-FAC from
    the initial weights and K-FAC from weights with every other unit stretched.
    """
    context = prepared(context)
    arrays: Arrays = {}
    for name in RUNS:
        measured = context.stage(name.replace(" ", "-"), partial(_turns, name, context))
        arrays |= {f"{name}:{quantity}": column for quantity, column in measured.items()}
    few = first_images(context, context.config["kfac_images"])
    for name, damping in DAMPINGS.items():
        measured = context.stage(name, partial(_stretched, damping, few))
        arrays[name] = measured["distance"]
    return arrays


def _recipe(config: Mapping[str, Any], **changes: Any) -> Recipe:
    usual = {"eps": 0.0, "dtype": "float64", "epochs": 1, "rate": config["rate"]}
    return protocol.dense(config, **(usual | changes))


def _turns(name: str, context: Context) -> Arrays:
    config = context.config
    *layers, _ = protocol.problem(_recipe(config), context.data).net.shapes
    recipe = {
        "batch norm": _recipe(config),
        "none": _recipe(config, norm="none", rate=config["rate_none"]),
        "short": _recipe(
            config, eps=EPS, factor=config["short"], rate=config["rate"] * config["short"] ** 2
        ),
        "unit": _recipe(config, rule=FixedNorms(SGD(), layers, 1.0)),
    }[name]
    return recorded_turns(recipe, context)


def _stretched(damping: float, context: Context) -> Arrays:
    config = context.config
    rule: Rule = KFAC(damping=damping, draws=4)
    recipe = _recipe(config, rate=config["kfac_rate"], rule=rule)
    weights = protocol.weights(recipe, context)
    *layers, _ = weights
    longer = {
        name: w * np.where(np.arange(len(w)) % 2, config["stretch"], 1.0)[:, None]
        if name in layers
        else w
        for name, w in weights.items()
    }
    paths = []
    training = protocol.training(recipe, context)
    for first in (weights, longer):
        directions = Directions(layers)
        protocol.trained(recipe, context, [directions], beginning(first, training))
        paths.append(directions.path)
    return {"distance": apart(*paths)}


def _orthogonal(name: str) -> Measure:
    """The largest |cosine| of a unit's weights and its gradient."""
    return lambda arrays: float(np.abs(hidden(arrays, name, "along")).max())


def account(arrays: Arrays, name: str) -> np.ndarray:
    """The growth of each unit's r by the end, divided by the claim's sum of squares, (units,)."""
    r, G = (hidden(arrays, name, quantity) for quantity in "rG")
    lengths = (G / np.sqrt(r))[:-1]
    eta = float(arrays[f"{name}:rate"][0])
    claimed = [invariance.energy_identity(eta=eta, lengths=column[:, None]) for column in lengths.T]
    return (r[-1] - r[0]) / np.array(claimed, float)


def _unaccounted(name: str) -> Measure:
    """The largest |``account`` - 1| over the units."""
    return lambda arrays: float(np.abs(account(arrays, name) - 1).max())


def _turned(name: str) -> Measure:
    """The largest relative error of arctan(eta G/r) for the angle of a step."""

    def measure(arrays: Arrays) -> float:
        rate, r, G, angle = _moving(arrays, name)
        claimed = invariance.effective_rate(eta=rate, norm=np.sqrt(r), G=G)["angle"]
        return float(np.abs(angle / claimed - 1).max())

    return measure


def _turned_at_unit_length(name: str) -> Measure:
    """The largest relative error of arctan(eta G) for the angle, from the second step on."""

    def measure(arrays: Arrays) -> float:
        rate, _, G, angle = _moving(arrays, name, first=1)
        claimed = invariance.unit_norm(eta=rate, G=G)["angle"]
        return float(np.abs(angle / claimed - 1).max())

    return measure


def _moving(arrays: Arrays, name: str, first: int = 0) -> np.ndarray:
    """The numbers eta, r, G and angle at all steps at which a unit has a gradient.

    ``first`` is the first step that counts.
    """
    r, G, angle = (hidden(arrays, name, quantity)[first:] for quantity in ("r", "G", "angle"))
    rate = arrays[f"{name}:rate"][first:, None] + 0 * r
    return np.array([rate, r, G, angle])[:, G > 0]


def _least_growth(name: str) -> Measure:
    """The least relative growth of a unit's r in one step."""

    def measure(arrays: Arrays) -> float:
        r = hidden(arrays, name, "r")
        return float((r[1:] / r[:-1] - 1).min())

    return measure


def farthest(name: str) -> Measure:
    """The largest distance over the steps."""
    return lambda arrays: float(arrays[name].max())


#: The bands are rounding of float64, enlarged by the steps of a training. A null has no batch norm,
#: or an eps that is not small against the variance of its inputs, since its weights are a
#: thousandth as long, or free lengths, or the damping of the printed claim.
OBSERVATIONS = (
    Observation(
        "turning_identities.orthogonal",
        says=(
            "The gradient of each hidden unit of the net with batch norm is orthogonal to the "
            "unit's weights, to a cosine of 1e-8."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=_orthogonal("batch norm"),
        null=_orthogonal("none"),
        about=(invariance.gradient, normalisation.weight_gradient),
    ),
    Observation(
        "turning_identities.orthogonal_without_eps",
        says=(
            "The gradient of each hidden unit is orthogonal to the unit's weights, to a cosine of "
            "1e-8, where batch norm has no eps."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=_orthogonal("batch norm"),
        null=_orthogonal("short"),
        about=(normalisation.weight_gradient,),
    ),
    Observation(
        "turning_identities.account_of_squares",
        says=(
            "The squared length of each hidden unit with batch norm grows by the sum of the "
            "squares of its steps, to a relative error of 1e-8."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=_unaccounted("batch norm"),
        null=_unaccounted("none"),
        about=(invariance.energy_identity,),
    ),
    Observation(
        "turning_identities.never_shorter",
        says="No step makes a hidden unit of the net with batch norm shorter.",
        exact=True,
        band=(0, np.inf),
        measure=_least_growth("batch norm"),
        null=_least_growth("none"),
        about=(invariance.norm_after_step,),
    ),
    Observation(
        "turning_identities.angle",
        says=(
            "Each step turns each hidden unit of the net with batch norm by arctan(eta G/|w|^2), "
            "to a relative error of 1e-8."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=_turned("batch norm"),
        null=_turned("none"),
        about=(invariance.effective_rate,),
    ),
    Observation(
        "turning_identities.angle_at_unit_length",
        says=(
            "Each step but the first turns each hidden unit that is held at length one by "
            "arctan(eta G), to a relative error of 1e-8."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=_turned_at_unit_length("unit"),
        null=_turned_at_unit_length("batch norm"),
        about=(invariance.unit_norm,),
    ),
    Observation(
        "turning_identities.kfac_is_immune",
        says=(
            "Undamped K-FAC takes units of usual and of stretched weights through equal "
            "directions, to 1e-6, with batch norm."
        ),
        exact=True,
        band=(0, 1e-6),
        measure=farthest("undamped"),
        null=farthest("damped"),
        about=(invariance.kfac_immunity,),
    ),
)
