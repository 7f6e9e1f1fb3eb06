"""The post's net at random weights, with images, small enough for the tests."""

import numpy as np

from deepnet import ops
from deepnet.data import textures
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import norm_named
from deepnet.nets.page import page
from deepnet.problem import Problem


def tiny_net(norm):
    """The problem at width 1/32, its weights, 16 images and their targets."""
    data = textures(16, 8)
    net = page(1 / 32)
    weights = initialise(net, np.random.default_rng(0))
    x = data.normalised(data.x_train)
    targets = ops.smoothed(data.y_train, 10, 0.5, x.dtype)
    return Problem(net, norm_named(norm)), weights, x, targets
