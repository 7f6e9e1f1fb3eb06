"""Steps away from a trained net's weights, and the net's outputs after them.

A step of length l along d ends at w + l |w| d/|d|. Lengths are shares of the weights' length |w|.
Batch norm keeps its mode on the way. Active batch norm takes its statistics from the images that
are looked at. Frozen batch norm keeps its statistics.
"""

from dataclasses import replace

import numpy as np

from deepnet.backend import array_module, to_host
from deepnet.experiments.context import Context
from deepnet.experiments.images import require
from deepnet.experiments.page2019.shared import measures
from deepnet.experiments.page2019.shared.protocol import HalfWay
from deepnet.experiments.trained import Trained
from deepnet.nets.modes import Recording
from deepnet.vectors import from_vector, to_vector

Array = np.ndarray


def looked_at(context: Context) -> Array:
    """The first ``look`` training images after the ``examples``, normalised.

    Raises UsageError where there are too few images.
    """
    data = context.data
    first, size = context.config["examples"], context.config["look"]
    require(data, first + size)
    return data.normalised(data.x_train[first : first + size])


def weights_length(net: Trained) -> float:
    """|w| over all weights of the net."""
    return float(np.linalg.norm(to_host(to_vector(net.state.weights)).astype(float)))


def stepped(net: Trained, direction: Array, length: float) -> Trained:
    """``net`` at w + ``length`` |w| d/|d|, for the ``direction`` d (n,) in flat order.

    Raises ValueError if d is zero.
    """
    size = np.linalg.norm(direction)
    if not size > 0:
        raise ValueError("the direction of a step is zero")
    shapes = net.problem.net.shapes
    along = from_vector(direction.astype(float) * (length * weights_length(net) / size), shapes)
    weights = {
        name: w + array_module(w).asarray(along[name], dtype=w.dtype)
        for name, w in net.state.weights.items()
    }
    return replace(net, state=replace(net.state, weights=weights))


def random_direction(net: Trained, context: Context) -> Array:
    """A direction (n,) drawn uniformly. Its length is random too."""
    rng = context.rng("direction")
    return rng.standard_normal(net.problem.net.parameters)


def outputs(net: Trained, x: Array) -> Array:
    """The outputs of ``net`` on ``x``, (examples, classes), float64."""
    return to_host(net.problem.outputs(net.state.weights, x)).astype(float)


def layers(net: Trained, x: Array) -> dict[str, Array]:
    """{layer: (channels, values)}: the outputs of each batch norm on ``x``, then the net's outputs.

    Without batch norm they are the outputs of each layer. The net's outputs are named by the last
    weight.
    """
    given: dict[str, Array] = {}

    def see(layer: str, before: Array, after: Array) -> None:
        given[layer] = after

    last = net.problem.with_norm(Recording(net.problem.norm, see)).outputs(net.state.weights, x)
    given[list(net.problem.net.shapes)[-1]] = last
    return {name: to_host(y).reshape(-1, y.shape[-1]).T for name, y in given.items()}


def share(z: Array, chosen: int) -> float:
    """The share of the examples whose largest output is the ``chosen`` one.

    The examples are the rows of the outputs ``z``.
    """
    return float(np.mean(z.argmax(1) == chosen))


def moved(z: Array, gradients: Array, chosen: int, length: float) -> Array:
    """The outputs ``z`` (examples, classes) after a step, if each output moves like its mean.

    The movement is of first order. The step goes along ``gradients[chosen]``. ``length`` is its
    length, not a share of |w|. The rows of ``gradients`` (classes, n) are the gradients of the mean
    outputs.
    """
    along = gradients[chosen]
    return z + length * (gradients @ along) / np.linalg.norm(along)


def gap(z: Array, chosen: int) -> float:
    """The distance of the ``chosen`` output below the largest one: the median over the examples."""
    return float(np.median(z.max(1) - z[:, chosen]))


def needed(net: Trained, gradients: Array, x: Array) -> Array:
    """The length of a step that brings half of ``x`` to each class, to first order: (classes,).

    This is gap / (|w| |g|) for the gradient g of the class's mean output. The gap belongs to the
    class's output (``gap``). All other outputs are taken to be at rest.
    """
    z = outputs(net, x)
    gaps = np.array([gap(z, chosen) for chosen in range(z.shape[1])])
    return gaps / (weights_length(net) * np.linalg.norm(gradients, axis=1))


def compared(frozen: HalfWay) -> float:
    """The length at which nets are compared: the length that the net ``frozen`` needs.

    It is the mean over the classes of ``needed``, to first order. A step of this length is as
    effective for any width and data as the source's 1 % was with its frozen net.
    """
    means = measures.moments(frozen)["mean"].astype(float)
    return float(needed(frozen.net, means, looked_at(frozen.context)).mean())


def half_way(lengths: Array, shares: Array) -> float:
    """The smallest length at which half of the examples go to the class.

    ``shares`` (lengths,) are joined by straight lines over log length. If the first share is a half
    or more, the result is the first length. If no share is, half-way lies beyond the lengths, and
    the result is the last length.
    """
    above = np.flatnonzero(np.asarray(shares) >= 0.5)
    if not len(above) or above[0] == 0:
        return float(lengths[0] if len(above) else lengths[-1])
    pair = slice(above[0] - 1, above[0] + 1)
    return float(np.exp(np.interp(0.5, shares[pair], np.log(lengths[pair]))))
