"""The activations of single units along a training: their moments at every step, and their law.

The input of layer i comes from the units of layer i - 1. "before" are the numbers that the norm, or
the weights if there is no norm, give to the activation. "after" are the numbers that leave the
activation. In a convolution they are taken at all places of the image, before pooling. The images
are equal at all steps, so that changes come from the net alone. The noise is drawn for the step.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from deepnet.backend import to_host
from deepnet.nets.net import Net
from deepnet.training.train import Hook, TrainingStep
from deepnet.watch import activations, moments

Array = Any
SIDES = ("before", "after")
UNITS = 5
#: The probabilities at which quantiles of the first unit's law are recorded.
LEVELS = (np.arange(40) + 0.5) / 40


def layer_names(net: Net) -> list[str]:
    """The net's layers in order: its weights of two or more dimensions."""
    return [name for name, shape in net.shapes.items() if len(shape) > 1]


def inputs_of(net: Net, layers: str) -> dict[int, str]:
    """{i: the name of layer i - 1} for the numbers in the text ``layers``, such as "2 6 10"."""
    names = layer_names(net)
    return {i: names[i - 2] for i in map(int, layers.split())}


def units(net: Net, layer: str) -> np.ndarray:
    """UNITS numbers of units of the layer, or all if it has fewer.

    All nets and seeds share the draw.
    """
    count = net.shapes[layer][0]
    return np.random.default_rng(count).permutation(count)[:UNITS]


def of_units(net: Net, layers: Sequence[str], x: Array) -> Hook:
    """A hook that records the moments of the units of ``layers`` over the images ``x``.

    They are recorded before the step. The names are "<layer>:<before or after>:<mean or
    variance>:<k>" for the k-th unit.
    """

    def record_moments(step: TrainingStep) -> dict[str, float]:
        record: dict[str, float] = {}
        for layer, side, values in _seen(net, layers, x, step):
            statistics = moments(values)
            for k, (mean, variance) in enumerate(
                zip(statistics.mean, statistics.variance, strict=True)
            ):
                record[f"{layer}:{side}:mean:{k}"] = float(mean)
                record[f"{layer}:{side}:variance:{k}"] = float(variance)
        return record

    return record_moments


def of_quantiles(net: Net, layers: Sequence[str], x: Array) -> Hook:
    """A hook that records quantiles of the first unit of each layer, before its activation.

    Their probabilities are LEVELS, their names "<layer>:quantile:<i>".
    """

    def record_quantiles(step: TrainingStep) -> dict[str, float]:
        record: dict[str, float] = {}
        for layer, side, values in _seen(net, layers, x, step):
            if side == "before":
                quantiles = np.quantile(to_host(values[..., 0]).astype(float), LEVELS)
                record |= {f"{layer}:quantile:{i}": float(q) for i, q in enumerate(quantiles)}
        return record

    return record_quantiles


def _seen(
    net: Net, layers: Sequence[str], x: Array, step: TrainingStep
) -> list[tuple[str, str, Array]]:
    """(layer, side, values of its units (n, ..., units)), with the noise of the step."""
    by_layer = activations(step.problem, step.before, x)
    return [
        (layer, side, getattr(by_layer[layer], side)[..., units(net, layer)])
        for layer in layers
        for side in SIDES
    ]


def moments_of(records: Mapping[str, Sequence[float]], layer: str, side: str) -> dict[str, Any]:
    """{mean, variance}: (steps, units), as ``of_units`` recorded them."""
    by_moment: dict[str, Any] = {}
    for moment in ("mean", "variance"):
        prefix = f"{layer}:{side}:{moment}:"
        count = sum(name.startswith(prefix) for name in records)
        by_moment[moment] = np.array([records[f"{prefix}{k}"] for k in range(count)]).T
    return by_moment
