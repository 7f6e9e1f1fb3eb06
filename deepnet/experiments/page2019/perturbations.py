"""Steps along the gradients of the mean outputs: after how long a step do the inputs go to the
chosen class? With batch norm frozen, or without, a step of a small share of the weights' norm sends
most of them there; with batch norm active, or frozen after the activation, a step of that length
does not, and one in a random direction does nothing.

How short depends on width and data. A step of a share of |w| moves a mean output by this times |w|
and the norm of its gradient, to first order, and has to bridge the gap to the largest output. At
random weights |w| and that norm both grow like the square root of the width, so that at width 1/8
the source's step of 1 % moves the means by an eighth: 0.34 instead of 2.7. Training takes back a
part: it was 0.5 on textures, where the gap of a nearly fitted net is 3, and half of the inputs
change at 3.7 %, not 1 %; on 5,000 images of CIFAR-10 it was 1.7 for a gap of 1.9, and 0.9 % was
enough. So the nets are compared at the length that the frozen one needs, to first order.
"""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.images import require
from deepnet.experiments.page2019.shared import measures, protocol, steps
from deepnet.experiments.page2019.shared.protocol import Name
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("page2019", "perturbations of 1% of the length of the parameter vector")
NETS: tuple[Name, ...] = ("active", "frozen", "none", "frozen_after")
#: Lengths looked at, in multiples of the source's.
MULTIPLES = 2 ** (np.arange(-1, 9) / 2)


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's; ``step`` as a share of |w|, ``look`` images, so many ``outputs`` chosen.

    ``values`` of each channel are stored for the densities through all layers.
    """
    return protocol.configuration(scale) | {
        "look": scale.pick(32, 512, 512),
        "step": 0.01,
        "outputs": scale.pick(2, 4, 10),
        "values": scale.pick(32, 2000, 2000),
    }


def run(context: Context) -> Arrays:
    """For each net: shares of the chosen classes by length, measured, to first order and along a
    random direction; outputs after the source's step and one of the length compared at. For two
    nets: all layers before and after."""
    config = context.config
    require(context.data, config["examples"] + config["look"])
    drawn = np.array([config["step"], steps.compared(context)])
    lengths = np.union1d(config["step"] * MULTIPLES, drawn)
    arrays: Arrays = {"lengths": lengths, "drawn": drawn}
    for name in NETS:
        arrays |= context.stage(f"steps-{name}", partial(_along, name, lengths, drawn, context))
    for name in LAYERED:
        arrays |= context.stage(f"layers-{name}", partial(_through, name, drawn[1], context))
    return arrays


def _along(
    name: Name,
    lengths: np.ndarray,
    drawn: np.ndarray,
    context: Context,
) -> Arrays:
    """Steps of all ``lengths`` along the first mean gradients and along a random direction.

    Outputs are stored of those that are ``drawn``.
    """
    net, x = protocol.net(name, context), steps.looked_at(context)
    gradients = measures.moments(name, context)["mean"].astype(float)
    z, size = steps.outputs(net, x), steps.weights_length(net)
    chosen = range(min(context.config["outputs"], len(gradients)))
    drawn_rows = np.searchsorted(lengths, drawn)

    def ends(direction: np.ndarray) -> np.ndarray:
        return np.stack([steps.outputs(steps.stepped(net, direction, t), x) for t in lengths])

    along = [ends(gradients[c]) for c in chosen]
    aside = ends(steps.random_direction(net, context))
    first = [[steps.moved(z, gradients, c, length * size) for length in lengths] for c in chosen]
    measured = {
        "outputs": z,
        "outputs_along": np.stack([outputs[drawn_rows] for outputs in along]),
        "outputs_aside": aside[drawn_rows],
        "shares_along": [[steps.share(end, c) for end in along[c]] for c in chosen],
        "shares_aside": [[steps.share(end, c) for end in aside] for c in chosen],
        "shares_first_order": [[steps.share(end, c) for end in first[c]] for c in chosen],
        "shares": [steps.share(z, c) for c in chosen],
        "gaps": [steps.gap(z, c) for c in chosen],
        "norm": size,
        "gradient_norms": np.linalg.norm(gradients, axis=1),
        "parameters": net.problem.net.parameters,
    }
    return {f"{name}:{quantity}": np.array(value) for quantity, value in measured.items()}


#: The nets that are looked at through all layers, and what is done to them.
LAYERED: tuple[Name, ...] = ("active", "frozen")
DONE = ("nothing", "aside", "along")


def _through(name: Name, length: float, context: Context) -> Arrays:
    """All layers after a step of ``length`` along the mean of output 0, a random one, and none."""
    net, x = protocol.net(name, context), steps.looked_at(context)
    along = measures.moments(name, context)["mean"][0]
    aside = steps.random_direction(net, context)
    ends = (net, steps.stepped(net, aside, length), steps.stepped(net, along, length))
    arrays: Arrays = {}
    for done, end in zip(DONE, ends, strict=True):
        by_layer = steps.layers(end, x)
        for layer, values in by_layer.items():
            shown = _thinned(values[:10], context)
            arrays[f"{name}:{done}:{layer}"] = shown
        spread = [(v.mean(1, dtype=float), v.std(1, dtype=float)) for v in by_layer.values()]
        arrays[f"{name}:{done}:means"] = np.array([np.sqrt(np.mean(m**2)) for m, _ in spread])
        arrays[f"{name}:{done}:deviations"] = np.array([s.mean() for _, s in spread])
    return arrays


def _thinned(values: np.ndarray, context: Context) -> np.ndarray:
    """The configuration's number of ``values`` of each channel, at the same places in all."""
    size, count = values.shape[1], context.config["values"]
    columns = context.rng("values").choice(size, min(count, size), replace=False)
    return values[:, np.sort(columns)].astype("float32")


def _share(name: str, along: str = "along") -> Measure:
    """The share of the chosen class after the step compared at, averaged over the chosen."""

    def measure(arrays: Arrays) -> float:
        end = arrays[f"{name}:outputs_{along}"][..., 1, :, :]
        chosen = range(len(arrays[f"{name}:shares"]))
        return float(np.mean([steps.share(end[c] if along == "along" else end, c) for c in chosen]))

    return measure


def half_ways(arrays: Arrays, name: str, which: str = "along") -> np.ndarray:
    """Of each chosen class the length at which half of the inputs go to it."""
    shares = arrays[f"{name}:shares_{which}"]
    return np.array([steps.half_way(arrays["lengths"], by_length) for by_length in shares])


def _longer(above: str, below: str) -> Measure:
    """How many times longer the half-way step of ``above`` is than that of ``below``."""
    return lambda arrays: float(half_ways(arrays, above).mean() / half_ways(arrays, below).mean())


def _by_chance(arrays: Arrays) -> float:
    """The same between half of the classes and the other half, frozen: no cause but chance."""
    lengths = half_ways(arrays, "frozen")
    return float(lengths[::2].mean() / lengths[1::2].mean())


def _growth(name: str, done: str) -> Measure:
    """By how many standard deviations the channels' means grow from the second to the last normed
    layer, root mean square over the channels."""

    def measure(arrays: Arrays) -> float:
        means = arrays[f"{name}:{done}:means"]
        return float(means[-2] - means[1])

    return measure


#: "On a majority of inputs" after a step of the length compared at, and that this is short; nulls:
#: a random step, and for "does not" the net without batch norm. At least half as long again; null:
#: chance. "Increasingly large means", in standard deviations; null: a random step.
OBSERVATIONS = (
    Observation(
        "perturbations.frozen_goes_to_the_class",
        band=(0.5, 1),
        measure=_share("frozen"),
        null=_share("frozen", "aside"),
    ),
    Observation(
        "perturbations.none_goes_to_the_class",
        band=(0.5, 1),
        measure=_share("none"),
        null=_share("none", "aside"),
    ),
    Observation(
        "perturbations.active_does_not",
        band=(0, 0.5),
        measure=_share("active"),
        null=_share("none"),
    ),
    Observation(
        "perturbations.frozen_after_does_not",
        band=(0, 0.5),
        measure=_share("frozen_after"),
        null=_share("none"),
    ),
    Observation(
        "perturbations.half_way_frozen",
        band=(0.002, 0.1),
        measure=lambda arrays: float(half_ways(arrays, "frozen").mean()),
        null=lambda arrays: float(half_ways(arrays, "frozen", "aside").mean()),
    ),
    Observation(
        "perturbations.half_way_active_over_frozen",
        band=(1.5, 100),
        measure=_longer("active", "frozen"),
        null=_by_chance,
    ),
    Observation(
        "perturbations.means_grow_through_the_layers",
        band=(0.2, 100),
        measure=_growth("frozen", "along"),
        null=_growth("frozen", "aside"),
    ),
)
