"""Tiny nets and batches in float64 that the tests of the measuring tools share."""

import numpy as np

from deepnet import ops
from deepnet.curvature import Batches
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import norm_named
from deepnet.nets.page import page
from deepnet.problem import Problem

EPS = np.finfo(float).eps


def batch(n, inputs, classes, seed=0, smoothing=0.0):
    """Normal inputs of shape (n, *inputs), with targets."""
    rng = np.random.default_rng([seed, 7])
    y = rng.integers(0, classes, n)
    x = rng.standard_normal((n, *inputs))
    return x, ops.smoothed(y, classes, smoothing, np.dtype(float))


def perceptron(
    mode="active", widths=(5, 6, 4, 3), sizes=(12,), activation=ops.tanh, eps=1e-5, seed=0, **net
):
    """A perceptron at random weights over some batches, as ``Batches``."""
    net = mlp(widths, activation, **net)
    weights = initialise(net, np.random.default_rng(seed), "he_normal", "float64")
    data = [batch(n, widths[:1], widths[-1], seed + i) for i, n in enumerate(sizes)]
    return Batches(Problem(net, norm_named(mode, eps=eps)), weights, data)


def convolutional(mode="active", eps=1e-5, images=6, seed=0):
    """The post's net with one to eight channels, over one batch, as ``Batches``."""
    net = page(1 / 64, classes=3)
    weights = initialise(net, np.random.default_rng(seed), "he_normal", "float64")
    data = [batch(images, (32, 32, 3), 3, seed)]
    return Batches(Problem(net, norm_named(mode, eps=eps)), weights, data)


def dense(operator):
    return operator @ np.eye(operator.shape[0])
