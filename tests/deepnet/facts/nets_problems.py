"""The engine's problems at the weights and inputs of ``facts_recipe`` and ``nets_recipe``."""

from fractions import Fraction
from functools import partial

import numpy as np

from deepnet import ops
from deepnet.curvature import Batches
from deepnet.nets.lenet import lenet
from deepnet.nets.modes import norm_named
from deepnet.nets.page import page
from deepnet.nets.resnet import resnet
from deepnet.nets.vgg import vgg
from deepnet.problem import Problem
from deepnet.spectrum.nets import NORMS as PLACES
from deepnet.vectors import from_pytorch
from tests.deepnet.facts import facts_recipe
from tests.deepnet.facts.nets_recipe import CASES, draw

BUILD = {"lenet": lenet, "vgg16": partial(vgg, "vgg16"), "resnet20": partial(resnet, 20)}


def of_the_post(norm):
    """The recipe of the post's net and its problem, by the name that a user gives its norm."""
    recipe = facts_recipe.draw()
    place, mode = PLACES[norm]
    net = page(1 / 64, partial(ops.softplus, beta=facts_recipe.BETA), place)
    weights = {name: from_pytorch(weight) for name, weight in recipe.weights.items()}
    x = np.ascontiguousarray(recipe.x.transpose(0, 2, 3, 1))
    targets = ops.smoothed(recipe.y, 10, facts_recipe.SMOOTHING, x.dtype)
    problem = Problem(net, norm_named(mode, statistics=recipe.statistics))
    return recipe, Batches(problem, weights, [(x, targets)])


def of_recipe(name, norm):
    """The recipe of the case ``name`` and its problem over all of its images."""
    recipe = draw(name)
    net = BUILD[name](Fraction(CASES[name][0]), affine=True)
    weights = {}
    for layer, shape in net.shapes.items():
        own = (shape[0], shape[3], shape[1], shape[2]) if len(shape) == 4 else shape
        weights[layer] = from_pytorch(recipe.weights[layer].reshape(own))
    x = np.ascontiguousarray(recipe.x.transpose(0, 2, 3, 1))
    targets = ops.smoothed(recipe.y, 10, 0.0, x.dtype)
    problem = Problem(net, norm_named(norm, statistics=recipe.statistics))
    return recipe, Batches(problem, weights, [(x, targets)])
