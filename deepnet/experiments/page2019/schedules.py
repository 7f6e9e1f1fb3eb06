"""Whether the post's conclusions hang on when and how fast its nets were trained: half-way, at the
end, and after shorter trainings at half and at double the peak rate. Everywhere the Hessian's top
eigenvalue is smaller by an order of magnitude while batch norm is active, more of a mean output's
gradient lies in the last layer then, and without active batch norm the leading eigenvector points
along the gradients of mean outputs. On textures, learnt to 97 per cent half-way, it does so by
little more than a third: as far as it does not, it lies among those of variances and third moments.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.images import require
from deepnet.experiments.page2019.shared import protocol
from deepnet.experiments.page2019.shared.conclusions import conclusions
from deepnet.experiments.page2019.shared.nets import Recipe, trained
from deepnet.experiments.store import Arrays
from deepnet.training import piecewise_linear

VERSION = 2
SOURCE = cite(
    "page2019", "Networks: the exact maximal learning rates and schedules make no large difference"
)
NETS = ("active", "frozen", "none")
SETTINGS = ("half-way", "end", "half the rate", "double the rate")


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's; the epochs from there to the ``end``; epochs and stop of the other rates.

    ``quick``, for time, lets the rate fall to zero within four epochs instead of ten, trains at
    other rates by the protocol's shape in three of six epochs instead of ten of twenty, and
    measures on a batch of 256 images, with at most 15 products.
    """
    return protocol.configuration(scale) | {
        "rest": scale.pick(1, 4, 10),
        "other_epochs": scale.pick(2, 6, 20),
        "other_stop": scale.pick(1, 3, 10),
        "examples": scale.pick(16, 256, 2560),
        "examples_batch": scale.pick(16, 256, 256),
        "products": scale.pick(3, 15, 50),
    }


def recipe(setting: str, norm: Literal["active", "none"], config: Mapping[str, Any]) -> Recipe:
    """How the net with or without batch norm is trained in one of the ``SETTINGS``."""
    usual = protocol.recipe(norm, config)
    if setting == "half-way":
        return usual
    if setting == "end":
        rest, left = config["rest"], piecewise_linear(*usual.schedule)(usual.epochs)
        falling = ((0.0, left), (float(rest), 0.0))
        return protocol.recipe(norm, config, schedule=falling, epochs=rest, after=usual)
    factor = {"half the rate": 0.5, "double the rate": 2.0}[setting]
    shorter = dict(config) | {"epochs": config["other_epochs"], "stop": config["other_stop"]}
    return protocol.recipe(norm, shorter | {f"peak_{norm}": factor * config[f"peak_{norm}"]})


def run(context: Context) -> Arrays:
    """{net}:top, residual, share, overlap (settings,): see ``conclusions``; and ``elsewhere``.

    ``frozen_elsewhere:top`` is the frozen net's half-way on as many other images. ``diverged`` and
    ``accuracy`` (the last epoch's) are those of the trainings; ``parameters`` counts the weights.
    """
    config = context.config
    examples, steps = config["examples"], len(context.data.x_train) // config["batch"]
    require(context.data, 2 * examples)
    frozen_half_way = recipe("half-way", "active", config)
    elsewhere = conclusions(frozen_half_way, context, frozen=True, start=examples)
    weights = trained(frozen_half_way, context).problem.net.parameters
    arrays = {"frozen_elsewhere:top": elsewhere["top"], "parameters": np.array(weights)}
    for name in NETS:
        recipes = [
            recipe(setting, "none" if name == "none" else "active", config) for setting in SETTINGS
        ]
        measured = [conclusions(training, context, name == "frozen") for training in recipes]
        arrays |= {
            f"{name}:{quantity}": np.array([by_setting[quantity] for by_setting in measured])
            for quantity in measured[0]
        }
        states = [trained(training, context).state for training in recipes]
        accuracies = [np.mean(state.records["accuracy"][-steps:]) for state in states]
        arrays[f"{name}:accuracy"] = np.array(accuracies)
        arrays[f"{name}:diverged"] = np.array([state.diverged for state in states])
    return arrays


def _least_ratio(above: str) -> Measure:
    """The least quotient, of all settings, of top eigenvalues: that of ``above`` to active's."""
    return lambda arrays: float(np.min(arrays[f"{above}:top"] / arrays["active:top"]))


def _by_chance(arrays: Arrays) -> float:
    """The quotient of the frozen net's top eigenvalues on other images and on these."""
    return float(arrays["frozen_elsewhere:top"] / arrays["frozen:top"][0])


def _least_excess(name: str) -> Measure:
    """The least quotient, of all settings, of the last layer's share in ``name`` to the others'."""

    def measure(arrays: Arrays) -> float:
        others = [arrays[f"{other}:share"] for other in NETS if other != name]
        return float(np.min(arrays[f"{name}:share"] / np.max(others, axis=0)))

    return measure


def _overlap(pick: Callable[..., Any], *names: str) -> Measure:
    """The least or greatest overlap of all settings and of the nets ``names``."""
    return lambda arrays: float(pick([arrays[f"{name}:overlap"] for name in names]))


#: The source's numbers half-way: top eigenvalues 18 and 27 times as large; a last layer with 0.84
#: of the gradient, 4.9 times that of the others; overlaps of 0.82 and 0.35, and 0.03 with batch
#: norm. The nulls: the frozen net on other images, the frozen net in the place of batch norm's, and
#: the greatest of batch norm's overlaps; by chance it would be a ten-thousandth.
OBSERVATIONS = (
    Observation(
        "schedules.frozen_over_active",
        band=(4, 400),
        measure=_least_ratio("frozen"),
        null=_by_chance,
    ),
    Observation(
        "schedules.none_over_active",
        band=(4, 400),
        measure=_least_ratio("none"),
        null=_by_chance,
    ),
    Observation(
        "schedules.share_of_last_layer_over_others",
        band=(1.25, 20),
        measure=_least_excess("active"),
        null=_least_excess("frozen"),
    ),
    Observation(
        "schedules.overlap_with_means",
        band=(0.2, 1),
        measure=_overlap(np.min, "frozen", "none"),
        null=_overlap(np.max, "active"),
    ),
)
