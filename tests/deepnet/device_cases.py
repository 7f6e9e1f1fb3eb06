"""Nets, trainings and batches on which a device is compared with the host."""

from functools import cache, partial

import numpy as np

from deepnet import ops
from deepnet.curvature import Batches
from deepnet.data import textures
from deepnet.nets.initialise import initialise
from deepnet.nets.lenet import lenet
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Active, Centring, Detached, Ghost, MeanDetached, Noisy, NoNorm, Power
from deepnet.nets.noise import Noise
from deepnet.nets.page import page
from deepnet.nets.resnet import resnet
from deepnet.nets.vgg import vgg
from deepnet.problem import Problem
from deepnet.training import (
    KFAC,
    SGD,
    Adam,
    FixedNorms,
    RMSprop,
    Training,
    beginning,
    constant,
    train,
    usual,
)

SMOOTH = partial(ops.softplus, beta=3.0)
RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 32, 32, 3))
TARGETS = ops.smoothed(RNG.integers(0, 10, 6), 10, 0.5, np.dtype(float))

#: What passes through these nets, of the second order too, magnify rounding by: sums of thousands
#: of terms, and inverse deviations of few images.
PASSES = 32
#: The same on a GPU, whose libraries add in orders of their own.
GPU_PASSES = 12 * PASSES
#: What Lanczos is asked to let an eigenvalue be off by, of its size.
TOLERANCE = 1e-8

CASES = {
    "page": (page(1 / 32), Active()),
    "page, no norm": (page(1 / 32, ops.relu, shortcuts=True), NoNorm()),
    "page, one norm": (page(1 / 32, norm="classifier"), Detached()),
    "lenet": (lenet(1 / 2, ops.tanh, "post", affine=True), Ghost(group=3)),
    "vgg": (vgg("vgg_a", 1 / 32, SMOOTH, affine=True), Active()),
    "resnet": (resnet(8, 1 / 8, SMOOTH, affine=True), Active()),
    "resnet, option A": (resnet(8, 1 / 8, SMOOTH, shortcut="option-a"), NoNorm()),
    "resnet, projection": (
        resnet(8, 1 / 8, SMOOTH, affine=True, shortcut="projection"),
        Active(),
    ),
    "mlp": (mlp([3072, 6, 5, 10], ops.sigmoid, bias=True), Power(1.0)),
    "largest": (mlp([3072, 6, 5, 10]), Power(np.inf, raw=True)),
    "centring": (mlp([3072, 6, 5, 10], SMOOTH), Centring()),
    "mean detached": (mlp([3072, 6, 5, 10], SMOOTH), MeanDetached()),
    "literal": (
        mlp([3072, 6, 10], partial(ops.softplus_literal, beta=10.0, threshold=2.5)),
        Noisy(Active(), Noise()),
    ),
}


def weights_of(net, seed=1, dtype="float64"):
    return initialise(net, np.random.default_rng(seed), dtype=dtype)


def direction(weights, seed=2):
    rng = np.random.default_rng(seed)
    return {name: rng.normal(size=w.shape) for name, w in weights.items()}


@cache
def small_images():
    return textures(64, 32, seed=0).halved().halved()


SMALL = mlp([192, 6, 5, 10], ops.tanh, affine=True)
RULES = {
    "sgd": SGD(0.9, True, 1e-3),
    "plain": SGD(),
    "adam": Adam(decay=1e-3),
    "rmsprop": RMSprop(momentum=0.9, decay=1e-3),
    "kfac": KFAC(damping=0.01, every=2, decay=1e-3),
    "fixed": FixedNorms(SGD(0.9), ("dense1", "dense2")),
}
#: Passes' worth of rounding after the 8 steps of ``states``. K-FAC divides what its first update is
#: off by its damping, and what that makes of the second update again.
TRAINED = dict.fromkeys(RULES, 8) | {"kfac": 2 / 0.01**2}


def states(net, data, rule, hooks=(usual,), rate=0.05, epochs=2, norm=None):
    how = Training(epochs=epochs, batch=16, schedule=constant(rate), rule=rule, smoothing=0.5)
    problem = Problem(net, norm or Active())
    start = beginning(weights_of(net, dtype="float64"), how)
    return problem, how, list(train(problem, data, how, start, hooks))


def moved(batches, place):
    """The batches where ``place`` brings them."""
    data = [(place(x), place(t)) for x, t in batches.data]
    return Batches(batches.problem, batches.weights, data)
