"""Exact identities of a unit before batch norm are checked step by step, in float64 without eps.

The gradient of such a unit is orthogonal to its weights. The squared length of the weights grows by
the sum of the squares of all steps, and never falls. A step turns the weights by arctan(eta
G/|w|^2), and by arctan(eta G) where they are brought back to length one. Without batch norm none of
this holds. With the usual eps it does not hold for short weights. Undamped K-FAC turns units of any
length alike, and damped K-FAC does not. In one of two runs on textures the undamped paths parted
all the same, when the factors were renewed. Why they did is open.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.grosse2021.observed import turning_identities as observed
from deepnet.experiments.grosse2021.shared import protocol
from deepnet.experiments.grosse2021.shared.prepared import first_images, prepared
from deepnet.experiments.grosse2021.shared.protocol import Recipe
from deepnet.experiments.grosse2021.shared.turns import Directions, apart, recorded_turns
from deepnet.experiments.store import Arrays
from deepnet.ops.norm import EPS
from deepnet.training import KFAC, FixedNorms, beginning
from deepnet.training.rule import Rule
from deepnet.training.sgd import SGD

VERSION = 2
SOURCE = cite("grosse2021", "apply the Pythagorean Theorem")
OBSERVATIONS = observed.OBSERVATIONS
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
