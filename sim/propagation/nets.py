"""Fully connected random nets in the form of the post, which the sections run.

Weight matrices are drawn, and examples are columns.
"""

from collections.abc import Callable, Iterator

import numpy as np

from sim.propagation.draws import Array, Generator, relu
from sim.propagation.shift_and_scale import activation

#: An activation and the variance, times the width, of the weights before it.
Kind = tuple[Callable[[Array], Array], int]


def identity(z: Array) -> Array:
    """A linear net's activation."""
    return z


def measured(z: Array) -> Array:
    """ReLU followed by each channel's own shift and scale, which is batch norm after ReLU."""
    rectified = relu(z)
    centred = rectified - rectified.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1, keepdims=True)
    return centred / np.where(spread > 0, spread, 1)


RELU: Kind = (relu, 2)
LINEAR: Kind = (identity, 1)
SHIFTED: Kind = (activation, 2)
MEASURED: Kind = (measured, 2)


def forward(rng: Generator, width: int, examples: int, kind: Kind) -> Iterator[Array]:
    """Pre-activations (channel, example) of layer after layer, for standard Gaussian inputs."""
    act, variance = kind
    below = rng.standard_normal((width, examples), dtype=np.float32)
    while True:
        weights = rng.standard_normal((width, width), dtype=np.float32)
        weights *= np.float32(np.sqrt(variance / width))
        z = weights @ below
        yield z
        below = act(z).astype(np.float32)


def at_layers(
    rng: Generator, width: int, examples: int, kind: Kind, layers: tuple[int, ...]
) -> dict[int, Array]:
    """The pre-activations of some layers. The first layer is 1."""
    passed = zip(range(1, max(layers) + 1), forward(rng, width, examples, kind), strict=False)
    return {layer: z for layer, z in passed if layer in layers}


def share_of_means(z: Array) -> float:
    """The share of the mean square that the channels' means have.

    The part that chance adds to the square of a mean over few examples is taken off.
    """
    z = z.astype(float)
    chance = np.mean(z.var(axis=1, ddof=1)) / z.shape[1]
    return float((np.mean(z.mean(axis=1) ** 2) - chance) / np.mean(z**2))
