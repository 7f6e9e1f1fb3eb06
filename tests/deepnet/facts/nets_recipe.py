"""Inputs and weights of ``nets_facts.npz``: narrow nets with all that layers can have.

Shapes are written as PyTorch has them, from the sources and not from the engine.
"""

import math

import numpy as np

from tests.deepnet.facts.facts_recipe import Recipe

NORMS = ("active", "frozen", "none")
#: name: (width, images).
CASES = {"lenet": ("1/3", 6), "vgg16": ("1/32", 6), "resnet20": ("1/8", 4)}
SEED = 12


def with_norm(name, shape, bias=True):
    """A layer's weight, its bias, and batch norm's scale and shift."""
    parts = ("bias", "scale", "shift") if bias else ("scale", "shift")
    return {name: shape} | {f"{name}_{part}": shape[:1] for part in parts}


def lenet():
    shapes = with_norm("conv1", (2, 3, 5, 5)) | with_norm("conv2", (5, 2, 5, 5))
    shapes |= with_norm("dense1", (40, 5 * 5 * 5)) | with_norm("dense2", (28, 40))
    return shapes | {"dense3": (10, 28), "dense3_bias": (10,)}


def vgg16():
    filters = [2, 2, 4, 4, 8, 8, 8, 16, 16, 16, 16, 16, 16]
    shapes, before = {}, 3
    for i, after in enumerate(filters, 1):
        shapes |= with_norm(f"conv{i}", (after, before, 3, 3))
        before = after
    shapes |= with_norm("dense1", (16, 16)) | with_norm("dense2", (16, 16))
    return shapes | {"dense3": (10, 16), "dense3_bias": (10,)}


def resnet20():
    shapes, before = with_norm("conv1", (2, 3, 3, 3), bias=False), 2
    for stage, after in enumerate((2, 4, 8), 1):
        for block in (1, 2, 3):
            name = f"stage{stage}_block{block}"
            shapes |= with_norm(f"{name}_conv1", (after, before, 3, 3), bias=False)
            shapes |= with_norm(f"{name}_conv2", (after, after, 3, 3), bias=False)
            before = after
    return shapes | {"dense": (10, 8), "dense_bias": (10,)}


SHAPES = {"lenet": lenet(), "vgg16": vgg16(), "resnet20": resnet20()}


def weight(rng, name, shape):
    """He-uniform weights, biases and shifts about 0, scales about 1."""
    if name.endswith("_scale"):
        return rng.uniform(0.5, 1.5, shape)
    if len(shape) == 1:
        return 0.1 * rng.standard_normal(shape)
    return rng.uniform(-1, 1, shape) * np.sqrt(6 / math.prod(shape[1:]))


def draw(name):
    """All of the case ``name``, in this order: weights, statistics, x, v, signs."""
    rng, shapes = np.random.default_rng(SEED), SHAPES[name]
    weights = {layer: weight(rng, layer, shape) for layer, shape in shapes.items()}
    statistics = {
        scale.removesuffix("_scale"): (0.1 * rng.standard_normal(c), rng.uniform(0.5, 1.5, c))
        for scale, (c, *_) in shapes.items()
        if scale.endswith("_scale")
    }
    n, size = CASES[name][1], sum(w.size for w in weights.values())
    x = rng.standard_normal((n, 3, 32, 32))
    v, signs = rng.standard_normal(size), rng.choice([-1.0, 1.0], (4, size))
    return Recipe(weights, statistics, x, np.arange(n), v, signs, size // 80)
