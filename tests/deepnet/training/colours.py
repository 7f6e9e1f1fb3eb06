"""Images of three colours, and a small net that learns them."""

import numpy as np

from deepnet import ops
from deepnet.data import Dataset
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import norm_named
from deepnet.problem import Problem
from deepnet.training import SGD, Training, beginning, triangle


def colours(n=48, side=4, seed=0, classes=3):
    """Each colour's images are noise about it."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % classes
    x = rng.integers(0, 120, (n, side, side, 3)) + 120 * np.eye(3, dtype=int)[y][:, None, None]
    return Dataset("colours", "generated", x.astype(np.uint8), y, x[::2].astype(np.uint8), y[::2])


def setting(norm="active", net=None, seed=0, dtype="float32", **change):
    """A problem, how it is trained, and its first state."""
    net = net or mlp([48, 8, 8, 3], ops.relu)
    kind = {
        "epochs": 3,
        "batch": 16,
        "schedule": triangle(0.2, 1, 3),
        "rule": SGD(0.9, True, 1e-4),
        "smoothing": 0.5,
        "seed": seed,
    }
    how = Training(**(kind | change))
    weights = initialise(net, np.random.default_rng(seed), dtype=dtype)
    return Problem(net, norm_named(norm)), how, beginning(weights, how)


def end_of(states):
    *_, last = states
    return last
