"""Nets are trained from initial weights of five scales, with batch norm and without.

A net with batch norm trains from each of them. Its outputs do not depend on the scale, which only
sets the rate at which the units turn. At equal effective rates the paths from two scales are equal,
to rounding. Without batch norm the net is lost at four times the usual scale for most seeds.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared import final_loss, protocol
from deepnet.experiments.grosse2021.shared.prepared import first_images, prepared
from deepnet.experiments.grosse2021.shared.rules import OwnRates
from deepnet.experiments.grosse2021.shared.turns import Directions, apart
from deepnet.experiments.store import Arrays
from theory import invariance

VERSION = 2
SOURCE = cite("grosse2021", "BN also changes the effective initialization")
SCALES = (0.25, 0.5, 1.0, 2.0, 4.0)
RATES = {"active": 0.1, "none": 0.05}


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the configuration of the protocol's mlp, with six epochs.

    ``path_images``: the number of images for the paths, which last one epoch.
    """
    return protocol.configuration(scale) | {
        "epochs": scale.pick(1, 6, 6),
        "path_images": scale.pick(64, 2000, 5000),
    }


def run(context: Context) -> Arrays:
    """The outcomes of the trainings, and the distances of paths from the path at scale 1.

    "<active or none>:loss" (scales,): the final loss.
    "<active or none>:mark" (scales,): the number of the ``Outcome``.
    The mark is 0 if the run trained.
    "kept" (scales, steps): the largest distance of a unit's direction from the path at scale 1.
    "plain" (scales, steps): this distance at the usual rate.

    For "kept" the hidden layers' rate is multiplied by the square of the scale.
    """
    context = prepared(context)
    arrays: Arrays = {}
    for norm in RATES:
        losses = context.stage(norm, partial(_losses, norm, context))
        arrays |= {f"{norm}:{quantity}": column for quantity, column in losses.items()}
    return arrays | context.stage("paths", partial(_paths, context))


def _losses(norm: Any, context: Context) -> Arrays:
    recipe = protocol.dense(
        context.config, norm=norm, rate=RATES[norm], epochs=context.config["epochs"]
    )
    runs = [protocol.trained(replace(recipe, factor=c), context, ()) for c in SCALES]
    return final_loss.results(runs)


def _paths(context: Context) -> Arrays:
    few = first_images(context, context.config["path_images"])
    recipe = protocol.dense(
        context.config, eps=0.0, dtype="float64", rate=RATES["active"], epochs=1
    )
    *layers, _ = protocol.problem(recipe, context.data).net.shapes

    def path(scale: float, factor: float) -> list[np.ndarray]:
        rule = OwnRates(dict.fromkeys(layers, factor))
        directions = Directions(layers)
        scaled_recipe = replace(recipe, factor=scale, rule=rule)
        protocol.trained(scaled_recipe, few, [directions])
        return directions.path

    usual = path(1.0, 1.0)
    return {
        "kept": np.array([apart(usual, path(scale, scale**2)) for scale in SCALES]),
        "plain": np.array([apart(usual, path(scale, 1.0)) for scale in SCALES]),
    }


def trains(norm: str, *scales: float) -> Measure:
    """The number of the ``scales`` at which the net trains."""
    chosen = np.isin(SCALES, scales)
    return lambda arrays: float((arrays[f"{norm}:mark"][chosen] == 0).sum())


#: The first two nulls are the net of the other norm. The third has the usual rate of the hidden
#: layers.
OBSERVATIONS = (
    Observation(
        "initial_scale.trains_at_all_five",
        says=(
            "The net with batch norm trains from initial weights of all five scales, from a "
            "quarter of the usual scale to four times the usual scale."
        ),
        band=(5, 5),
        measure=trains("active", *SCALES),
        null=trains("none", *SCALES),
    ),
    Observation(
        "initial_scale.none_is_lost_at_4",
        says=(
            "The net without batch norm does not train from initial weights of four times the "
            "usual scale."
        ),
        bounds=(0, 1),
        band=(0, 0),
        measure=trains("none", 4.0),
        null=trains("active", 4.0),
    ),
    Observation(
        "initial_scale.same_path_at_the_same_effective_rate",
        says=(
            "Units of the net with batch norm have equal directions at each step, to 1e-8, from "
            "all five scales at equal effective rates."
        ),
        exact=True,
        band=(0, 1e-8),
        measure=lambda arrays: float(arrays["kept"].max()),
        null=lambda arrays: float(arrays["plain"].max()),
        about=(invariance.step_on_sphere,),
    ),
)
