"""Raw and filter-normalised surfaces of LeNet are compared before and after a filter is lengthened.

Raw directions are Gaussian and as long as the filter-normalised ones. One filter before a batch
norm is made ten times as long, which leaves the function of the net as it is. The filter-normalised
surface stays, the raw one changes.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.oxford2021.shared import landscapes, protocol
from deepnet.experiments.oxford2021.shared.landscapes import (
    MODES,
    NUMBERS,
    TERMS,
    WORDS,
    Draw,
    Mode,
)
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.landscape import surfaces, with_batch, with_running
from deepnet.nets.modes import Active
from theory import smoothness

VERSION = 2
SOURCE = cite("oxford2021", "section 1.2, surface plot with random directions")
DRAWS: tuple[Draw, ...] = ("filter", "raw")
#: The filter that is made longer, the factor, and the eps of batch norm. A larger eps would see the
#: length of the filter.
LAYER, UNIT, FACTOR, EPS = "conv2", 0, 10.0, 1e-12


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the landscapes' configuration.

    ``coarse`` x ``coarse`` is the number of points of the surfaces with the longer filter.
    """
    return landscapes.configuration(scale) | {"coarse": scale.pick(3, 5, 11)}


def run(context: Context) -> Arrays:
    """The raw surfaces, and the losses before and after a filter is made longer.

    ``at`` (points,): the grid of the raw surfaces in each direction.
    ``<mode>:<what>``: the arrays of ``landscapes.of_all_seeds`` for raw surfaces.
    ``<mode>:filter`` (seeds, 6): the ``NUMBERS`` of the filter-normalised surfaces.
    ``coarse`` (coarse,): the grid of the surfaces before and after, in each direction.
    ``<draw>:<mode>:before`` and ``after`` (coarse, coarse): their losses, with batch norm.
    """
    arrays: Arrays = {
        "at": np.linspace(-1, 1, context.config["points"]),
        "coarse": np.linspace(-1, 1, context.config["coarse"]),
    }
    for mode in MODES:
        measured = landscapes.of_all_seeds("lenet", mode, "joint", context, "raw")
        arrays |= {f"{mode}:{quantity}": array for quantity, array in measured.items()}
        other = landscapes.of_all_seeds("lenet", mode, "joint", context)
        if other["trained"]:
            arrays[f"{mode}:filter"] = other["numbers"]
    net = as_double(protocol.net("lenet", "active", "joint", context))
    for draw in DRAWS:
        arrays |= context.stage(f"longer-{draw}", partial(_longer, net, draw, context))
    return arrays


def as_double(net: Trained) -> Trained:
    """The net in double precision, with the eps ``EPS`` in its batch norm."""
    weights = {name: w.astype("float64") for name, w in net.state.weights.items()}
    statistics = {
        layer: (mean.astype("float64"), variance.astype("float64"))
        for layer, (mean, variance) in net.state.statistics.items()
    }
    problem = net.problem.with_norm(Active(eps=EPS))
    return replace(
        net, problem=problem, state=replace(net.state, weights=weights, statistics=statistics)
    )


def with_longer_filter(net: Trained, layer: str, unit: int, factor: float) -> Trained:
    """The net with one filter, its bias and its statistics multiplied by ``factor``.

    The filter stands before a batch norm, so that the outputs of the net do not change.
    """
    weights = {name: w.copy() for name, w in net.state.weights.items()}
    for name in (layer, f"{layer}_bias"):
        weights[name][unit] *= factor
    mean, variance = (part.copy() for part in net.state.statistics[layer])
    mean[unit] *= factor
    variance[unit] *= factor**2
    statistics = {**net.state.statistics, layer: (mean, variance)}
    return replace(net, state=replace(net.state, weights=weights, statistics=statistics))


def _longer(net: Trained, draw: Draw, context: Context) -> Arrays:
    grid = np.linspace(-1, 1, context.config["coarse"]).tolist()
    images = landscapes.data(context, "float64")
    arrays: Arrays = {}
    nets = {"before": net, "after": with_longer_filter(net, LAYER, UNIT, FACTOR)}
    for when, trained in nets.items():
        losses = {
            "running": with_running(trained.problem, images, trained.state.statistics),
            "batch": with_batch(trained.problem, images),
        }
        for mode, loss in losses.items():
            surface = surfaces(loss, trained.state.weights, [0], grid, landscapes.DRAWS[draw])[0]
            arrays[f"{draw}:{mode}:{when}"] = surface.loss
    return arrays


def _change(draw: Draw) -> Measure:
    """The largest change of the loss on the surfaces of both modes."""

    def measure(arrays: Arrays) -> float:
        return max(
            float(np.abs(arrays[f"{draw}:{mode}:after"] - arrays[f"{draw}:{mode}:before"]).max())
            for mode in ("running", "batch")
        )

    return measure


def _over_filter(mode: Mode, number: str) -> Measure:
    """The median over the direction seeds of ``number``, raw surface over filter-normalised one."""

    def measure(arrays: Arrays) -> float:
        if not arrays[f"{mode}:trained"]:
            return float("nan")
        raw, other = (arrays[f"{mode}:{kind}"] for kind in ("numbers", "filter"))
        column = NUMBERS.index(number)
        return float(np.median(raw[:, column] / other[:, column]))

    return measure


#: The null of each observation is the other draw.
OBSERVATIONS = (
    Observation(
        "raw_surfaces.filter_normalised_stays",
        says="The losses of the filter-normalised surfaces change by at most 1e-5 if a filter "
        "before batch norm is made 10 times as long.",
        exact=True,
        band=(0, 1e-5),
        measure=_change("filter"),
        null=_change("raw"),
        about=(smoothness.filter_normalised_slice,),
    ),
    Observation(
        "raw_surfaces.raw_changes",
        says="A loss of the raw surfaces changes by at least 0.01 if a filter before batch norm is "
        "made 10 times as long.",
        band=(1e-2, np.inf),
        measure=_change("raw"),
        null=_change("filter"),
        about=(smoothness.raw_slice,),
    ),
    *(
        Observation(
            f"raw_surfaces.{number}_raw_over_filter_{mode}",
            says=f"The {TERMS[number]} of LeNet's raw surface divided by this number of the "
            f"filter-normalised surface, {WORDS[mode]}.",
            link="identity" if number == "curvature" else "log",
            band=None,
            measure=_over_filter(mode, number),
        )
        for number in ("highest", "steepest", "curvature")
        for mode in MODES
    ),
)
