"""Variants of batch norm are compared at several rates, from equal initial weights.

Batch norm stands before or after the activation, with the paths through its statistics cut, with
one of its parts alone, or with a learnable scale and shift. It stands beside activation functions
that are centred or not.

With both paths cut the net is worse than with both. On textures the path through the mean is
missed, on CIFAR-10 images both paths are. Batch norm before and after the activation end at equal
losses. After is ahead at small rates, against the lecture's "generally better before". Batch norm
before a logistic unit helps at small rates alone: inputs of variance 1 are within the nearly linear
part of the unit, which weights without batch norm outgrow. Where the scale behind batch norm begins
at 4, it helps at all rates.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.grosse2021.observed import variants as observed
from deepnet.experiments.grosse2021.shared import final_loss, protocol
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.grosse2021.shared.variant_nets import AGAIN, VARIANTS
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained

VERSION = 2
SOURCE = cite(
    "grosse2021", "A Wrinkle", "statistics path", "use tanh instead of logistic activations"
)
OBSERVATIONS = observed.OBSERVATIONS


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, and the rates and epochs."""
    return protocol.configuration(scale) | {
        "rates": scale.pick([0.1, 0.3], [0.03, 0.1, 0.3, 1.0], [0.03, 0.1, 0.3, 1.0]),
        "epochs": scale.pick(5, 6, 6),
    }


def run(context: Context) -> Arrays:
    """The outcomes of each variant at each rate.

    "rates" (rates,): the rates.
    "<variant>:loss" (rates,): the final loss.
    "<variant>:mark" (rates,): the number of the ``Outcome``.
    The mark is 0 if the run trained.
    "<variant> again:loss" and "<variant> again:mark" (rates,): these two from another seed.
    "affine:scale" (rates, layers): the root mean squares of the learnt scales.
    "affine:shift" (rates, layers): the root mean squares of the learnt shifts.
    """
    context = prepared(context)
    arrays: Arrays = {
        "rates": np.array(context.config["rates"]),
        "classes": np.array(context.data.classes),
    }
    names = [*VARIANTS, *(f"{name} again" for name in AGAIN)]
    for name in names:
        measured = context.stage(name, partial(_runs, name, context))
        arrays |= {f"{name}:{quantity}": array for quantity, array in measured.items()}
    return arrays


def _runs(name: str, context: Context) -> Arrays:
    config = context.config
    changes = VARIANTS[name.removesuffix(" again")]
    if name.endswith(" again"):
        context = replace(context, seed=context.seed + 2**20)
    runs = []
    for rate in config["rates"]:
        recipe = protocol.dense(config, rate=rate, epochs=config["epochs"], **changes)
        runs.append(protocol.trained(recipe, context))
    measured = final_loss.results(runs)
    if name == "affine":
        for kind in ("scale", "shift"):
            measured[kind] = np.array([_lengths(run, kind) for run in runs])
    return measured


def _lengths(run: Trained, kind: str) -> list[float]:
    layers = run.problem.net.normed
    return [float(np.sqrt(np.mean(run.state.weights[f"{n}_{kind}"] ** 2))) for n in layers]
