"""The protocol of the lecture's experiments holds their nets and trainings.

The lecture reports no experiments, so that every setting is ours. Nets that are compared share
their initial weights, up to the factor of their laws, and the order of their images.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from companion.scale import Scale
from deepnet.data import Dataset
from deepnet.experiments.activations import ACTIVATIONS
from deepnet.experiments.context import Context
from deepnet.experiments.grosse2021.shared.final_loss import ended
from deepnet.experiments.grosse2021.shared.prepared import Standardised
from deepnet.experiments.trained import Plan, Trained, at_constant_rate, stored
from deepnet.nets.initialise import initialise
from deepnet.nets.layer import Place
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Mode, Noisy, norm_named
from deepnet.nets.noise import Noise
from deepnet.nets.page import page
from deepnet.nets.width import width_of
from deepnet.ops.norm import EPS
from deepnet.problem import Problem
from deepnet.training import SGD, State, Training, beginning, usual
from deepnet.training.rule import Rule
from deepnet.training.train import Hook

Array = Any
#: The laws of the weights before these activations. All other weights have "lecun_normal".
LAWS = {"relu": "he_normal", "softplus": "he_normal"}
#: Descent without momentum and decay.
PLAIN = SGD()


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the configuration of images and nets.

    ``side``: the side of the images, which are averaged down to it.
    ``hidden``: the numbers of units in the mlp's hidden layers, at quick an eighth of ``full``.
    ``width``: the width of the post's convolutional net.
    """
    return {
        "train": scale.pick(64, 5000, 50_000),
        "test": scale.pick(32, 1000, 10_000),
        "side": scale.pick(4, 16, 32),
        "hidden": scale.pick([8, 8], [64, 64, 64], [512, 512, 512]),
        "width": scale.pick("1/32", "1/8", "1"),
        "batch": scale.pick(16, 100, 100),
    }


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A net of grosse2021 and its training: all that its weights depend on but images and seed.

    ``hidden``: the units of the mlp's hidden layers. If it is empty, the net is the post's
    convolutional net at ``width``.
    ``norm``: the mode of batch norm, at its ``place`` about the activation.
    ``bias``: whether layers have biases.
    ``affine``: whether batch norm has learnable scales and shifts. The scales begin at ``gain``.
    ``factor``: the initial weights of all layers but the output layer are multiplied by it.
    ``rate``: the constant rate. Images are not augmented.
    """

    hidden: tuple[int, ...] = ()
    width: str = "1"
    activation: str = "relu"
    norm: Mode = "active"
    place: Place = "pre"
    bias: bool = False
    affine: bool = False
    eps: float = EPS
    group: int = 0
    noise: Noise | None = None
    factor: float = 1.0
    gain: float = 1.0
    dtype: str = "float32"
    rate: float = 0.1
    epochs: int = 6
    batch: int = 100
    rule: Rule = PLAIN


def dense(config: Mapping[str, Any], **changes: Any) -> Recipe:
    """The mlp of the configuration, with ``changes`` of the recipe."""
    usual = {"hidden": tuple(config["hidden"]), "batch": config["batch"]}
    return Recipe(**(usual | changes))


def convolutional(config: Mapping[str, Any], **changes: Any) -> Recipe:
    """The convolutional net of the configuration, with ``changes`` of the recipe."""
    usual = {"width": config["width"], "batch": config["batch"]}
    return Recipe(**(usual | changes))


def trained(
    recipe: Recipe,
    context: Context,
    hooks: Sequence[Hook] = (usual,),
    begin: State | None = None,
) -> Trained:
    """The net of ``recipe`` after its training, with its final loss.

    The training begins at the initial weights, or at the state ``begin``, whose epochs count. It
    stops if it diverges.
    """
    this = plan(recipe, context, hooks, begin)
    *_, last = [this.start, *this.states(context.data)]
    return ended(this.problem, last, context.data)


def stored_run(name: str, recipe: Recipe, context: Context) -> Trained:
    """Return the net of ``trained``, stored for other experiments of the source."""
    standardised = isinstance(context.data, Standardised)
    identity = {"recipe": repr(recipe), "standardised": standardised}
    net = stored(name, plan(recipe, context), context, **identity)
    return ended(net.problem, net.state, context.data)


def plan(
    recipe: Recipe,
    context: Context,
    hooks: Sequence[Hook] = (usual,),
    begin: State | None = None,
) -> Plan:
    """The training of ``recipe``, from ``begin`` or from the initial weights on."""
    own, how = problem(recipe, context.data), training(recipe, context)
    first = start(recipe, context) if begin is None else begin
    return Plan(problem=own, training=how, start=first, hooks=hooks)


def problem(recipe: Recipe, data: Dataset) -> Problem:
    """The mean cross-entropy of the recipe's net for images in the shape of ``data``."""
    activation = ACTIVATIONS[recipe.activation]
    if recipe.hidden:
        widths = (int(np.prod(data.x_train.shape[1:])), *recipe.hidden, data.classes)
        net = mlp(widths, activation, recipe.place, recipe.bias, recipe.affine)
    else:
        width = width_of(recipe.width)
        net = page(width, activation, recipe.place, classes=data.classes, affine=recipe.affine)
    norm = norm_named(recipe.norm, group=recipe.group, eps=recipe.eps)
    return Problem(net, norm if recipe.noise is None else Noisy(norm, recipe.noise))


def training(recipe: Recipe, context: Context) -> Training:
    """The training of ``recipe``, with the context's seed."""
    counts = {"epochs": recipe.epochs, "batch": recipe.batch, "seed": context.seed}
    return at_constant_rate(recipe.rate, recipe.rule, **counts)


def weights(recipe: Recipe, context: Context) -> dict[str, Array]:
    """The initial weights of the net of ``recipe``."""
    net = problem(recipe, context.data).net
    law = LAWS.get(recipe.activation, "lecun_normal")
    last = [name for name, shape in net.shapes.items() if len(shape) > 1][-1]
    drawn = initialise(net, context.rng("weights"), law, recipe.dtype, {last: "lecun_normal"})
    factors = {
        name: recipe.factor if len(shape) > 1 and name != last else 1.0
        for name, shape in net.shapes.items()
    } | {name: recipe.gain for name in net.shapes if name.endswith("_scale")}
    dtype = np.dtype(recipe.dtype)
    return {name: w * dtype.type(factors[name]) for name, w in drawn.items()}


def start(recipe: Recipe, context: Context) -> State:
    """The state before the training of ``recipe``."""
    return beginning(weights(recipe, context), training(recipe, context))
