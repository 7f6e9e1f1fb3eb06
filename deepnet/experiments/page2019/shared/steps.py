"""Steps away from a trained net's weights, and what the net makes of images where they end.

A step of length l ends at w + l |w| d/|d|: lengths are shares of the weights' length |w|. Batch
norm keeps its mode on the way: where it is active, statistics are those of the images looked at;
where it is frozen they stay what they were.
"""

from dataclasses import replace

import numpy as np

from deepnet.backend import array_module, to_host
from deepnet.experiments.context import Context
from deepnet.experiments.images import require
from deepnet.experiments.page2019.shared import measures
from deepnet.experiments.page2019.shared.protocol import net as trained_net
from deepnet.experiments.trained import Trained
from deepnet.nets.modes import Recording
from deepnet.vectors import from_vector, to_vector

Array = np.ndarray


def looked_at(context: Context) -> Array:
    """The ``look`` training images after the ``examples`` measured on, normalised.

    Raises UsageError where there are too few.
    """
    data = context.data
    first, size = context.config["examples"], context.config["look"]
    require(data, first + size)
    return data.normalised(data.x_train[first : first + size])


def weights_length(net: Trained) -> float:
    """|w| over all weights."""
    return float(np.linalg.norm(to_host(to_vector(net.state.weights)).astype(float)))


def stepped(net: Trained, direction: Array, length: float) -> Trained:
    """``net`` at w + ``length`` |w| d/|d|, ``direction`` d (n,) in flat order.

    Raises ValueError where d is zero.
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
    """A direction (n,) drawn uniformly."""
    rng = context.rng("direction")
    return rng.standard_normal(net.problem.net.parameters)


def outputs(net: Trained, x: Array) -> Array:
    """The outputs on ``x``, (examples, classes), float64."""
    return to_host(net.problem.outputs(net.state.weights, x)).astype(float)


def layers(net: Trained, x: Array) -> dict[str, Array]:
    """{layer: (channels, values)}: what each batch norm gives on ``x``, then the outputs.

    Without batch norm what it would be given. The outputs are named by the last weight.
    """
    given: dict[str, Array] = {}

    def see(layer: str, before: Array, after: Array) -> None:
        given[layer] = after

    last = net.problem.with_norm(Recording(net.problem.norm, see)).outputs(net.state.weights, x)
    given[list(net.problem.net.shapes)[-1]] = last
    return {name: to_host(y).reshape(-1, y.shape[-1]).T for name, y in given.items()}


def share(z: Array, chosen: int) -> float:
    """The share of the examples, rows of the outputs ``z``, whose largest is the ``chosen`` one."""
    return float(np.mean(z.argmax(1) == chosen))


def moved(z: Array, gradients: Array, chosen: int, length: float) -> Array:
    """The outputs ``z`` (examples, classes) after a step, each channel moved as its mean is.

    To first order: the step has the ``length`` (not a share of |w|) and goes along
    ``gradients[chosen]``, ``gradients`` (classes, n) those of the means.
    """
    along = gradients[chosen]
    return z + length * (gradients @ along) / np.linalg.norm(along)


def gap(z: Array, chosen: int) -> float:
    """How far the ``chosen`` output lies below the largest: the median over the examples."""
    return float(np.median(z.max(1) - z[:, chosen]))


def needed(net: Trained, gradients: Array, x: Array) -> Array:
    """The length of a step that brings half of ``x`` to each class, to first order: (classes,).

    The gap of the output over |w| times the norm of the gradient of its mean, all else at rest.
    """
    z = outputs(net, x)
    gaps = np.array([gap(z, chosen) for chosen in range(z.shape[1])])
    return gaps / (weights_length(net) * np.linalg.norm(gradients, axis=1))


def compared(context: Context) -> float:
    """The length at which nets are compared: what the frozen net needs, the mean over the classes.

    So steps are as effective as the source's 1 % was with its frozen net, whatever width and data.
    """
    frozen = trained_net("frozen", context)
    means = measures.moments("frozen", context)["mean"].astype(float)
    return float(needed(frozen, means, looked_at(context)).mean())


def half_way(lengths: Array, shares: Array) -> float:
    """The first length at which half of the examples go to the class.

    ``shares`` (lengths,) are joined by straight lines over log length. Where the first is half or
    more it is the first length, where none is the last: then half-way lies beyond.
    """
    above = np.flatnonzero(np.asarray(shares) >= 0.5)
    if not len(above) or above[0] == 0:
        return float(lengths[0] if len(above) else lengths[-1])
    pair = slice(above[0] - 1, above[0] + 1)
    return float(np.exp(np.interp(0.5, shares[pair], np.log(lengths[pair]))))
