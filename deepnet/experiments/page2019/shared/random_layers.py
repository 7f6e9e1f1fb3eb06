"""Random nets are run layer by layer on the engine. Other experiments import this module.

It measures each layer's outputs as if they were a classifier's, and the linear map up to the layer.
Dense nets are the post's: layers of one width without biases. The post's author left some changes
open: shortcuts, batch norm on the branch that a shortcut passes by, or both. The conv net is the
post's, with and without batch norm and shortcuts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np

from deepnet import ops
from deepnet.backend import beside, to_host
from deepnet.experiments.context import Context
from deepnet.experiments.store import Arrays
from deepnet.nets.initialise import he_normal, initialise
from deepnet.nets.modes import Norm, Recording, norm_named, recording
from deepnet.nets.page import CHANNELS, OUTPUT_SCALE, page
from theory import propagation

Array = np.ndarray
Generator = np.random.Generator
Mode = Literal["none", "active"]
#: The layers at which the post shows its dense nets.
SHOWN = (1, 2, 5, 10, 20, 50)
#: The layers of the conv net. The last has no norm.
CONV_LAYERS = (*CHANNELS, "classifier")


# ----- Measures -----


def share_of_means(z: Array) -> float:
    """The share of the channels' means in the mean square of ``z`` (examples, ..., channels).

    Chance adds to a squared mean over the examples. This part is taken off.
    """
    z = z.astype(float)
    means = z.reshape(len(z), -1, z.shape[-1]).mean(axis=1)
    chance = means.var(axis=0, ddof=1) / len(means)
    return float(np.mean(means.mean(axis=0) ** 2 - chance) / np.mean(z**2))


def correlation(z: Array) -> float:
    """The mean cosine of the angle between two examples of ``z`` (examples, channels).

    The mean is over disjoint pairs of examples.
    """
    z = z[: len(z) // 2 * 2].astype(float)
    one, other = z[0::2], z[1::2]
    lengths = np.sqrt(np.sum(one**2, axis=1) * np.sum(other**2, axis=1))
    return float(np.mean(np.sum(one * other, axis=1) / lengths))


def spread_of_variances(z: Array) -> float:
    """The relative variance, over the channels, of the variances of ``z`` (examples, channels).

    Chance adds to it. This part is taken off as it is for Gaussian values.
    """
    variances = z.astype(float).var(axis=0, ddof=1)
    chance = 2 / (len(z) + 1) * np.mean(variances**2)  # the mean square has it too
    return float((variances.var(ddof=1) - chance) / variances.mean() ** 2)


def mean_square(z: Array) -> float:
    """The mean square of all values of ``z``."""
    return float(np.mean(z.astype(float) ** 2))


MEASURES: Mapping[str, Callable[[Array], float]] = {
    "share": share_of_means,
    "correlation": correlation,
    "spread": spread_of_variances,
    "square": mean_square,
}


# ----- Dense -----


class RandomLayer(NamedTuple):
    """The outputs of a layer, and the sums that are activated next.

    - ``outputs`` are W a for the activations a of the layer below.
    - ``sums`` are the outputs, normalised if the net has batch norm. If the net has shortcuts, the
      sums of the layer below are added.
    """

    outputs: Array
    sums: Array


def linear(h: Array) -> Array:
    """The identity in place of an activation."""
    return h


def shifted(h: Array) -> Array:
    """ReLU, shifted to mean 0 and scaled to variance 1 for inputs ``h`` of variance 2.

    See propagation.he_initialisation.
    """
    at_one = propagation.he_initialisation(q=1)
    mean = at_one["mean after"]
    centred = ops.channel_shift(ops.relu(h), np.full(h.shape[-1], -mean, h.dtype))
    return ops.scale(centred, by=h.dtype.type((at_one["mean square after"] - mean**2) ** -0.5))


@dataclass(frozen=True)
class Dense:
    """A dense net. ``variance`` is the variance of its weights times its width."""

    activation: Callable[[Array], Array] = ops.relu
    variance: float = 2.0
    norm: Mode = "none"
    shortcuts: bool = False


def layers(net: Dense, weights: Iterable[Array], x: Array, norm: Norm) -> Iterator[RandomLayer]:
    """Each layer in turn for the inputs ``x`` (examples, channels). The first has no shortcut."""
    sums = None
    for number, w in enumerate(weights, 1):
        below = x if sums is None else net.activation(sums)
        outputs = ops.dense(below, w)
        branch = norm(f"dense{number}", outputs)
        sums = ops.add(sums, branch) if net.shortcuts and sums is not None else branch
        yield RandomLayer(outputs, sums)


def draw(rng: Generator, net: Dense, width: int, depth: int) -> Iterator[Array]:
    """The weights of ``net``: square Gaussian matrices, each drawn when it is asked for."""
    for _ in range(depth):
        yield (he_normal(rng, (width, width)) * (net.variance / 2) ** 0.5).astype(np.float32)


def dense(net: Dense, context: Context) -> Arrays:
    """Measure the outputs of each layer, for several draws of inputs and weights.

    The inputs are standard normal. Each array is (nets, depth):
    - ``share`` is the share of the channels' means in the mean square.
    - ``correlation`` is the correlation of two inputs.
    - ``spread`` is the relative variance of the channels' variances.
    - ``square`` is the mean square.

    A linear net has one array more:
    - ``stretches`` (len(SHOWN), width) are the singular values, in descending order, of the first
      draw's map from the inputs to the sums of the layers SHOWN.
    """
    config = context.config
    width = config["dense_width"]
    columns: dict[str, list[list[float]]] = {name: [] for name in MEASURES}
    arrays: Arrays = {}
    for number in range(config["nets"]):
        rng = context.rng("random nets", number)
        x = rng.standard_normal((config["inputs"], width), dtype=np.float32)
        weights = list(draw(rng, net, width, config["depth"]))
        norm, statistics = recording(norm_named(net.norm))
        outputs = [z for z, _ in layers(net, weights, x, norm)]
        for name, measure in MEASURES.items():
            columns[name].append([measure(z) for z in outputs])
        if net.activation is linear and number == 0:
            arrays["stretches"] = _stretches(net, weights, norm.frozen(statistics))
    return arrays | {name: np.array(rows) for name, rows in columns.items()}


def _stretches(net: Dense, weights: Sequence[Array], norm: Norm) -> Array:
    """The singular values of an affine pass, found from the images of the unit vectors and of 0."""
    width = weights[0].shape[1]
    units = np.eye(width + 1, width, dtype=np.float32)  # the last row is 0
    passed = enumerate(layers(net, weights, units, norm), 1)
    sums = [layer.sums.astype(float) for number, layer in passed if number in SHOWN]
    return np.array([np.linalg.svdvals(images[:-1] - images[-1]) for images in sums])


# ----- Convolutional -----


def conv(images: Array, context: Context, norm: Mode, shortcuts: bool = False) -> Arrays:
    """Measure the post's ReLU net at initialisation, in the 8 CONV_LAYERS.

    - ``share_before`` and ``share`` (8,) are the shares of the channels' means before and after the
      norm.
    - ``values`` (8, channels, quantiles) are ``quantiles`` after the norm.
    - ``correlation`` is the correlation of two images in the classifier's outputs.

    The classifier has ``outputs`` outputs instead of ten, so that ten draws do not decide the
    result. The outputs are not multiplied by the post's 0.125/sqrt(6).
    """
    net = page(
        Fraction(context.config["width"]), ops.relu, "pre", shortcuts, context.config["outputs"]
    )
    weights = initialise(net, context.rng("weights"))
    before, after, values = [], [], []
    shown = min(10, net.shapes["prep"][0])

    def see(layer: str, x: Array, y: Array) -> None:
        x, y = to_host((x, y))
        before.append(share_of_means(x))
        after.append(share_of_means(y))
        values.append(quantiles(y, shown))

    recorded = Recording(norm_named(norm), see)
    outputs = to_host(net.forward(beside(images, weights), images, recorded))
    outputs = outputs / OUTPUT_SCALE
    see("classifier", outputs, outputs)
    return {
        "share_before": np.array(before),
        "share": np.array(after),
        "values": np.array(values),
        "correlation": np.array(correlation(outputs)),
    }


def quantiles(z: Array, channels: int, count: int = 401) -> Array:
    """``count`` quantiles of each of the first ``channels`` of ``z`` (..., channels), float32.

    Their probabilities are equally spaced from 0 to 1: the smallest and the largest value are
    included.
    """
    rows = z.reshape(-1, z.shape[-1])[:, :channels]
    return np.quantile(rows, np.linspace(0, 1, count), axis=0).T.astype(np.float32)
