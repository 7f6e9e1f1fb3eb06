"""The loss on straight lines between two states of a net: from its initial weights to the trained
ones, between two nets trained from different ones, and between those of a small batch and a large.
With batch norm the running statistics are interpolated like the weights, or estimated again at
every point: the source does not say which, and between two nets it is another curve.
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
from deepnet.experiments.oxford2021.shared.protocol import KINDS, Kind, Name
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.landscape import curve, interpolation, with_reestimated
from deepnet.training import State

VERSION = 2
SOURCE = cite("oxford2021", "section 1.2, 1D linear interpolation")
Pair = Literal["training", "draws", "batches"]
#: The lines of each net, and the modes of the statistics with batch norm.
PAIRS: dict[Name, tuple[Pair, ...]] = {
    "lenet": ("training", "draws", "batches"),
    "vgg16": ("training",),
}
MODES = ("none", "interpolated", "reestimated")


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's, ``shares`` points from -1/2 to 3/2, images, and the ``large_batch``."""
    shared = ("images", "images_batch", "others")
    return protocol.configuration(scale) | {
        **{name: landscapes.configuration(scale)[name] for name in shared},
        "shares": scale.pick(9, 41, 401),
        "large_batch": scale.pick(64, 1024, 1024),
    }


def run(context: Context) -> Arrays:
    """``<net>:<pair>:<mode>`` the losses (shares,) at the ``share`` of the second state, and
    whether both ends ``trained``. At the joint rate. Where an interpolated variance is below 0
    there is ``no_loss``, and a ceiling stands in its place.
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
    """The first state, the net that is the second, and whether what of them was trained did."""
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
    """The largest rise above a smaller loss before it: 0 where the loss never rises.

    >>> rise(np.array([3.0, 1.0, 2.0, 0.0, 0.5])), rise(np.array([2.0, 1.0]))
    (1.0, 0.0)
    """
    return float((losses - np.minimum.accumulate(losses)).max())


def barrier(losses: np.ndarray) -> float:
    """The largest loss above the straight line between the two ends.

    >>> barrier(np.array([1.0, 5.0, 3.0]))
    3.0
    """
    return float((losses - np.linspace(losses[0], losses[-1], len(losses))).max())


def _along(line: str, number: Any) -> Measure:
    def measure(arrays: Arrays) -> float:
        if not arrays[f"{line}:trained"]:
            return float("nan")
        return float(number(between(arrays, line)))

    return measure


#: No sign was stated: is the way from the initial weights to the trained ones downhill, and how
#: high is what stands between two nets?
OBSERVATIONS = (
    *(
        Observation(
            f"interpolations.rise_{name}_{mode}", None, _along(f"{name}:training:{mode}", rise)
        )
        for name in PAIRS
        for mode in MODES
    ),
    *(
        Observation(
            f"interpolations.barrier_{pair}_{mode}", None, _along(f"lenet:{pair}:{mode}", barrier)
        )
        for pair in ("draws", "batches")
        for mode in MODES
    ),
)
