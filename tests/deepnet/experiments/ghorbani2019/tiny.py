"""A configuration, images and a residual net that are small enough for the tests."""

from functools import cache

import numpy as np

from companion.scale import Scale
from deepnet import ops
from deepnet.data import textures
from deepnet.experiments.ghorbani2019 import population_statistics, way_to_the_optimum
from deepnet.nets.initialise import initialise
from deepnet.nets.resnet import resnet
from deepnet.problem import Problem

CONFIG = population_statistics.configuration(Scale.TINY) | way_to_the_optimum.configuration(
    Scale.TINY
)


@cache
def images():
    return textures(CONFIG["train"], CONFIG["test"])


def small(norm, seed=0):
    """A small residual net in float64 with images and targets."""
    rng = np.random.default_rng(seed)
    net = resnet(8, 1 / 8)
    weights = initialise(net, rng, "he_normal", "float64")
    x = rng.normal(size=(12, 8, 8, 3))
    targets = ops.smoothed(np.arange(12) % 10, 10, 0.0, x.dtype)
    return Problem(net, norm), weights, x, targets
