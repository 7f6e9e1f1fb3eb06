"""The loss is measured on straight lines between two states of a net.

The states are the initial and the trained weights, two nets trained from different initial weights,
or a net trained with small batches and a net trained with large ones. With batch norm the running
statistics are either interpolated like the weights, or estimated again at every point. The source
does not say which it does. Between two nets the two ways give different curves.
"""

from dataclasses import replace
from functools import partial
from typing import Any, Literal

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.oxford2021.shared import landscapes, protocol
from deepnet.experiments.oxford2021.shared.protocol import KINDS, WORDS, Kind, Name
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.landscape import curve, interpolation, with_reestimated
from deepnet.training import State

VERSION = 2
SOURCE = cite("oxford2021", "section 1.2, 1D linear interpolation")
Pair = Literal["training", "draws", "batches"]
#: The lines of each net, and the modes of the statistics ("none" without batch norm).
PAIRS: dict[Name, tuple[Pair, ...]] = {
    "lenet": ("training", "draws", "batches"),
    "vgg16": ("training",),
}
MODES = ("none", "interpolated", "reestimated")
HOW = {
    "none": "without batch norm",
    "interpolated": "with batch norm of interpolated statistics",
    "reestimated": "with batch norm of estimated statistics",
}
PARTNERS = {
    "draws": "LeNets from different initial weights",
    "batches": "LeNets trained with small and large batches",
}


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration, the points of a line, images and the ``large_batch``.

    ``shares`` is the number of points, from -1/2 to 3/2 of the way.
    """
    shared = ("images", "images_batch", "others")
    return protocol.configuration(scale) | {
        **{name: landscapes.configuration(scale)[name] for name in shared},
        "shares": scale.pick(9, 41, 401),
        "large_batch": scale.pick(64, 1024, 1024),
    }


def run(context: Context) -> Arrays:
    """The losses on each line at the joint rate, and whether both ends trained.

    ``share`` (shares,): the share of the way from the first state to the second.
    ``<net>:<pair>:<mode>`` (shares,): the losses.
    ``<net>:<pair>:<mode>:trained``: whether both ends trained.
    ``<net>:<pair>:<mode>:no_loss`` (shares,): where there is no loss.

    There is no loss where an interpolated variance is negative. The ceiling stands in its place.
    """
    arrays: Arrays = {"share": np.linspace(-0.5, 1.5, context.config["shares"])}
    for name, pairs in PAIRS.items():
        for pair in pairs:
            for kind in KINDS:
                compute = partial(_losses, name, kind, pair, context)
                losses = context.stage(f"{name}-{pair}-{kind}", compute)
                arrays |= {f"{name}:{pair}:{quantity}": array for quantity, array in losses.items()}
    return arrays


def ends(name: Name, kind: Kind, pair: Pair, context: Context) -> tuple[State, Trained, bool]:
    """Both ends of a line, a state and a net, and whether every trained end really trained."""
    net = protocol.net(name, kind, "joint", context)
    if pair == "training":
        return protocol.untrained(net.recipe, context), net, not net.outcome
    change: dict[str, Any] = (
        {"draw": 1} if pair == "draws" else {"batch": context.config["large_batch"]}
    )
    other = protocol.trained(replace(net.recipe, watched=0, **change), context)
    return net.state, replace(other, problem=net.problem), not (net.outcome or other.outcome)


def _losses(name: Name, kind: Kind, pair: Pair, context: Context) -> Arrays:
    start, net, both = ends(name, kind, pair, context)
    end, images = net.state, landscapes.data(context)
    shares = np.linspace(-0.5, 1.5, context.config["shares"]).tolist()
    straight = interpolation(net.problem, images, start, end, shares)
    losses = {"none" if kind == "none" else "interpolated": straight}
    if kind == "active":
        again = with_reestimated(net.problem, images, landscapes.others(context))
        way = {layer: end.weights[layer] - w for layer, w in start.weights.items()}
        curve_name = f"curve, {name}, {pair}"
        losses["reestimated"] = curve(again, start.weights, way, shares, curve_name)
    arrays: Arrays = {}
    for mode, loss in losses.items():
        arrays[mode] = landscapes.clipped(loss)
        arrays[f"{mode}:no_loss"] = np.isnan(loss)
        arrays[f"{mode}:trained"] = np.array(both)
    return arrays


def between(arrays: Arrays, line: str) -> np.ndarray:
    """The losses from the first state to the second; ``line`` is "net:pair:mode"."""
    share = arrays["share"]
    return arrays[line][(share > -1e-9) & (share < 1 + 1e-9)]


def rise(losses: np.ndarray) -> float:
    """The largest difference between a loss and the smallest loss before it.

    The rise is 0 where the loss never rises.

    >>> rise(np.array([3.0, 1.0, 2.0, 0.0, 0.5])), rise(np.array([2.0, 1.0]))
    (1.0, 0.0)
    """
    return float((losses - np.minimum.accumulate(losses)).max())


def barrier(losses: np.ndarray) -> float:
    """The largest difference between the loss and the straight line between its two ends.

    >>> barrier(np.array([1.0, 5.0, 3.0]))
    3.0
    """
    return float((losses - np.linspace(losses[0], losses[-1], len(losses))).max())


def _along(line: str, number: Any) -> Measure:
    """``number`` of the losses between the two ends; nan where an end did not train."""

    def measure(arrays: Arrays) -> float:
        if not arrays[f"{line}:trained"]:
            return float("nan")
        return float(number(between(arrays, line)))

    return measure


#: No sign was stated. The questions are whether the loss falls all the way from the
#: initial weights to the trained ones, and how high the barrier between two nets is.
OBSERVATIONS = (
    *(
        Observation(
            f"interpolations.rise_{name}_{mode}",
            says=f"The largest rise of {WORDS[name]}'s loss on the line from the initial weights "
            f"to the trained weights, {HOW[mode]}.",
            band=None,
            measure=_along(f"{name}:training:{mode}", rise),
        )
        for name in PAIRS
        for mode in MODES
    ),
    *(
        Observation(
            f"interpolations.barrier_{pair}_{mode}",
            says="The largest height of the loss above the line through its ends, between "
            f"{PARTNERS[pair]}, {HOW[mode]}.",
            band=None,
            measure=_along(f"lenet:{pair}:{mode}", barrier),
        )
        for pair in ("draws", "batches")
        for mode in MODES
    ),
)
