"""The activations of single units along a training: their moments at every step, and their law.

The input of layer i comes from the units of layer i - 1: what its norm, or its weights, give to the
activation ("before") and what leaves this ("after"), of a convolution at all places of the image,
before pooling. The images are the same at all steps, so that what moves is the net; noise is that
of the step.
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
#: The probabilities of the quantiles that are recorded of the first unit's law.
LEVELS = (np.arange(40) + 0.5) / 40


def layer_names(net: Net) -> list[str]:
    """The net's layers in order: its weights of two or more dimensions."""
    return [name for name, shape in net.shapes.items() if len(shape) > 1]


def inputs_of(net: Net, layers: str) -> dict[int, str]:
    """{i: the name of layer i - 1} for the numbers in the text ``layers``, such as "2 6 10"."""
    names = layer_names(net)
    return {i: names[i - 2] for i in map(int, layers.split())}


def units(net: Net, layer: str) -> np.ndarray:
    """UNITS of the layer, or all where there are fewer: drawn once for all nets and seeds."""
    count = net.shapes[layer][0]
    return np.random.default_rng(count).permutation(count)[:UNITS]


def of_units(net: Net, layers: Sequence[str], x: Array) -> Hook:
    """A hook: mean and variance of the units of ``layers`` over the images ``x``, before the step.

    Recorded as "<layer>:before:mean:<k>", k counting the units, ":variance:" and ":after:".
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
    """A hook: the quantiles at LEVELS of the first unit of each layer, before its activation.

    Recorded as "<layer>:quantile:<i>".
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
    """(layer, side, the values of its units (n, ..., units)) with the noise of the step."""
    by_layer = activations(step.problem, step.before, x)
    return [
        (layer, side, getattr(by_layer[layer], side)[..., units(net, layer)])
        for layer in layers
        for side in SIDES
    ]


def moments_of(records: Mapping[str, Sequence[float]], layer: str, side: str) -> dict[str, Any]:
    """{"mean", "variance"}: (steps, units) as recorded by ``of_units``."""
    by_moment: dict[str, Any] = {}
    for moment in ("mean", "variance"):
        prefix = f"{layer}:{side}:{moment}:"
        count = sum(name.startswith(prefix) for name in records)
        by_moment[moment] = np.array([records[f"{prefix}{k}"] for k in range(count)]).T
    return by_moment
