"""A net with batch norm in double precision, small enough for the tests."""

import numpy as np

from deepnet.nets.initialise import initialise
from deepnet.nets.lenet import lenet
from deepnet.nets.modes import Active
from deepnet.problem import Problem
from tests.deepnet.tiny import batch


def probed_net(build=lenet, eps=1e-5, n=12):
    """The problem, its weights, ``n`` images and their targets; scales and shifts are random."""
    net = build(1 / 4 if build is lenet else 1 / 32, affine=True)
    rng = np.random.default_rng(3)
    weights = initialise(net, rng, "he_uniform", "float64")
    for name in weights:
        if name.endswith(("_scale", "_shift")):
            weights[name] = weights[name] + rng.normal(size=weights[name].shape)
    return Problem(net, Active(eps=eps)), weights, *batch(n, (32, 32, 3), 10)
