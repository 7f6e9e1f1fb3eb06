"""Surfaces of the protocol's nets are measured once and read by several experiments.

A net with batch norm has one surface per mode of its statistics ("running", "batch", "reestimated",
see ``deepnet.landscape.statistics``). The net without batch norm has one surface ("none"). The
directions of a seed are made of equal normal numbers for both nets.
"""

from collections.abc import Mapping
from dataclasses import asdict, astuple
from typing import Any, Literal

import numpy as np

from companion.scale import Scale
from deepnet.curvature import Batches
from deepnet.experiments.context import Context
from deepnet.experiments.images import Batch, balanced_batches
from deepnet.experiments.oxford2021.shared import protocol
from deepnet.experiments.oxford2021.shared.protocol import Kind, Name, Which
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import VERSION_OF_TRAINING, Trained
from deepnet.landscape import (
    Surface,
    filter_normalised,
    raw,
    surfaces,
    terrain,
    with_batch,
    with_reestimated,
    with_running,
)
from deepnet.landscape.statistics import Loss
from deepnet.problem import Problem
from deepnet.training import in_eval

Mode = Literal["none", "running", "batch", "reestimated"]
Draw = Literal["filter", "raw"]
#: The modes that are compared.
MODES: tuple[Mode, ...] = ("none", "running", "batch")
DRAWS = {"filter": filter_normalised, "raw": raw}
#: What a statement says of the mode.
WORDS: dict[Mode, str] = {
    "none": "without batch norm",
    "running": "with frozen batch norm",
    "batch": "with active batch norm",
    "reestimated": "with batch norm estimated at each point",
}
#: What a statement calls the numbers of a surface.
TERMS = {
    "highest": "highest loss",
    "steepest": "steepest slope",
    "rise": "rise near the centre",
    "curvature": "curvature at the centre",
}
#: Raised when the same net gives other surfaces.
VERSION_OF_SURFACES = 1
#: Losses are shown and compared up to here. Losses beyond the ceiling and losses that are not
#: finite are counted.
CEILING = 1e6
#: The numbers of a surface, as ``deepnet.landscape.Terrain`` defines them.
NUMBERS = ("centre", "highest", "rise", "steepest", "curvature", "negative")


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, the grid on [-1, 1]^2, its direction seeds and images.

    ``points``: the points of the grid per direction.
    ``images``: the number of images of a surface, in batches of ``images_batch``.
    ``others``: the number of images for statistics that are estimated again.
    """
    return protocol.configuration(scale) | {
        "points": scale.pick(5, 15, 51),
        "lenet_directions": scale.pick(1, 3, 3),
        "vgg_directions": scale.pick(1, 1, 3),
        "images": scale.pick(16, 256, 2048),
        "images_batch": scale.pick(16, 256, 256),
        "others": scale.pick(16, 512, 512),
    }


def seeds(name: Name, config: Mapping[str, Any]) -> range:
    """The direction seeds of a net's surfaces."""
    return range(config["vgg_directions" if name == "vgg16" else "lenet_directions"])


def norm_of(mode: Mode) -> Kind:
    """The kind of the net of this mode: "none" without batch norm, else "active"."""
    return "none" if mode == "none" else "active"


def data(context: Context, dtype: str = "float32") -> list[Batch]:
    """The images of all surfaces."""
    config = context.config
    return balanced_batches(context.data, config["images"], config["images_batch"], dtype=dtype)


def others(context: Context) -> list[Batch]:
    """The images that no surface uses, for statistics that are estimated again."""
    config = context.config
    size, skip = config["images_batch"], config["images"]
    return balanced_batches(context.data, config["others"], size, skip)


def problem_of(mode: Mode, net: Trained) -> Problem:
    """The net's problem at the centre of a surface, its statistics fixed or the batch's own."""
    return in_eval(net.problem, net.state.statistics) if mode == "running" else net.problem


def loss_of(mode: Mode, net: Trained, context: Context) -> Loss:
    """The mean loss over the surface's images as a function of the weights."""
    if mode == "running":
        return with_running(net.problem, data(context), net.state.statistics)
    if mode == "reestimated":
        return with_reestimated(net.problem, data(context), others(context))
    return with_batch(net.problem, data(context))


def measured(
    net: Trained,
    mode: Mode,
    seed: int,
    context: Context,
    draw: Draw = "filter",
) -> Arrays:
    """A surface along directions of the ``seed``: {at, loss, centre, cosine}.

    ``at`` (points,) is the grid in each direction.
    ``loss`` (points, points) are the losses.
    ``centre`` is the loss at the centre.
    ``cosine`` is the cosine of the two directions.
    """

    def compute() -> Arrays:
        grid = np.linspace(-1, 1, context.config["points"])
        loss = loss_of(mode, net, context)
        surface = surfaces(loss, net.state.weights, [seed], grid.tolist(), DRAWS[draw])[seed]
        return {
            "at": surface.coordinates,
            "loss": surface.loss,
            "centre": np.array(surface.centre),
            "cosine": np.array(surface.cosine),
        }

    sizes = ("points", "images", "images_batch", "others")
    return context.shared(
        f"surface-{draw}-{mode}",
        compute,
        recipe=asdict(net.recipe),
        directions=seed,
        version=[VERSION_OF_TRAINING, VERSION_OF_SURFACES],
        **{name: context.config[name] for name in sizes},
    )


def of_all_seeds(
    name: Name,
    mode: Mode,
    which: Which,
    context: Context,
    draw: Draw = "filter",
) -> Arrays:
    """The surfaces of a net for all direction seeds, and whether the net ``trained``.

    ``loss`` (seeds, points, points): the losses.
    ``numbers`` (seeds, 6): the ``NUMBERS`` of each surface.
    ``clipped`` (seeds,): how many losses lie at the ceiling.
    ``cosine`` (seeds,): the cosine of the two directions.
    ``centre``: the loss at the centre.

    A net that did not train has ``trained`` alone. Its surface is as flat as can be and would
    compare well.
    """
    net = protocol.net(name, norm_of(mode), which, context)
    if net.outcome:
        return {"trained": np.array(False)}
    by_seed = [measured(net, mode, seed, context, draw) for seed in seeds(name, context.config)]
    return {
        "trained": np.array(True),
        "loss": np.array([surface["loss"] for surface in by_seed]),
        "numbers": np.array([numbers(surface) for surface in by_seed]),
        "clipped": np.array([np.sum(clipped(surface["loss"]) == CEILING) for surface in by_seed]),
        "cosine": np.array([surface["cosine"] for surface in by_seed]),
        "centre": by_seed[0]["centre"],
    }


def training_loss(net: Trained, mode: Mode, images: list[Batch]) -> float:
    """The loss over ``images`` by the pass that training takes.

    In the mode "reestimated" the pass has the batch's own statistics.
    """
    return float(Batches(problem_of(mode, net), net.state.weights, images, keep=0).loss())


def clipped(loss: np.ndarray) -> np.ndarray:
    """The losses, with the ceiling in place of losses beyond it and of losses that are not finite.

    >>> clipped(np.array([1.0, np.nan, np.inf, 1e9])).tolist()
    [1.0, 1000000.0, 1000000.0, 1000000.0]
    """
    return np.where(np.isfinite(loss) & (loss < CEILING), loss, CEILING)


def numbers(surface: Arrays) -> np.ndarray:
    """``NUMBERS`` of a surface, (6,)."""
    centre, cosine = float(surface["centre"]), float(surface["cosine"])
    return np.array(
        astuple(terrain(Surface(surface["at"], clipped(surface["loss"]), centre, cosine, ())))
    )
