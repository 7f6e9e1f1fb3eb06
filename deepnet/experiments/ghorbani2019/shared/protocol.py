"""The protocol compares one residual net with batch norm and without, at moments of its training.

Both nets start from He's normal weights, and the classifier's weights are smaller by sqrt 2.
Without batch norm each block's second convolution is smaller too (``tempered``). Training is by
heavy ball without weight decay and without augmentation, so that the loss whose Hessian is taken is
the loss that is trained. The paper leaves open the net, the rates, and why the net without batch
norm trains. They are our choice.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np

from companion.scale import Scale
from deepnet.data import Dataset
from deepnet.experiments.activations import ACTIVATIONS
from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019.shared.population import Population, moments_over
from deepnet.experiments.outcome import Outcome, by_accuracy
from deepnet.experiments.trained import Plan, Trained, at_constant_rate, stored
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import Frozen, norm_named
from deepnet.nets.net import Net
from deepnet.nets.resnet import resnet, tempered
from deepnet.nets.width import width_of
from deepnet.problem import Problem
from deepnet.training import SGD, Training, beginning

#: The functions whose curvature is taken: "active" is the net with batch norm as it is trained,
#: "frozen" has the statistics of all training images as constants, "none" has no batch norm.
Name = Literal["active", "frozen", "none"]
NAMES: tuple[Name, ...] = ("active", "frozen", "none")
#: The modes that are trained and compared.
COMPARED: tuple[Literal["active", "none"], ...] = ("active", "none")
MOMENTUM = 0.9
#: How far apart the seeds of other starts and orders of images lie from the run's own.
APART = 2**16


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the configuration of the net, its training, the epochs of the records and the images.

    ``rates_active`` and ``rates_none`` are tried from the first on (see ``recipe``).
    """
    return {
        "train": scale.pick(48, 5000, 50_000),
        "test": scale.pick(16, 1000, 10_000),
        "halvings": scale.pick(2, 1, 0),
        "depth": scale.pick(8, 14, 32),
        "width": scale.pick("1/8", "1/4", "1"),
        "activation": "relu",
        "affine": False,
        "batch": scale.pick(12, 100, 128),
        "rates_active": scale.pick([0.1], [0.1], [0.3, 0.1, 0.03, 0.01]),
        "rates_none": scale.pick([0.05], [0.05], [0.3, 0.1, 0.03, 0.01]),
        "records": scale.pick([0, 1], [0, 1, 3, 6], [0, 1, 3, 10, 30, 100]),
        "examples": scale.pick(16, 500, 10_000),
        "examples_batch": scale.pick(16, 500, 500),
    }


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A net of ghorbani2019 and its training: all that its weights depend on but data and seed.

    ``start``: the number of the initial weights.
    ``order``: the number of the order of the images.
    ``images``: the population's statistics are taken over this number of first images.
    ``every``: the number of steps after which these statistics are taken again.
    """

    norm: Literal["active", "none", "population"]
    rate: float
    depth: int
    width: str
    activation: str
    affine: bool
    batch: int
    start: int = 0
    order: int = 0
    images: int = 0
    every: int = 0


@dataclass(frozen=True)
class Moment:
    """The net of a recipe after ``epoch`` epochs, its batch norm as trained or ``frozen``."""

    recipe: Recipe
    epoch: int
    frozen: bool = False


def recipe(norm: Literal["active", "none"], context: Context, **changes: Any) -> Recipe:
    """The protocol's training of the net with batch norm or without.

    The rate is the first one at which the net trains, or else the last.
    """
    first, *lower = context.config[f"rates_{norm}"]
    chosen = _recipe(norm, first, context.config)
    for rate in lower:
        if not outcome(chosen, context):
            break
        chosen = replace(chosen, rate=rate)
    return replace(chosen, **changes)


def population(rate: float, config: Mapping[str, Any]) -> Recipe:
    """The recipe of batch norm with the statistics of fixed images, constant in the gradient."""
    usual = _recipe("population", rate, config)
    return replace(usual, images=config["population"], every=config["every"])


def _recipe(norm: Any, rate: float, config: Mapping[str, Any]) -> Recipe:
    shared = ("depth", "width", "activation", "affine", "batch")
    return Recipe(norm=norm, rate=rate, **{name: config[name] for name in shared})


def moment(name: Name, epoch: int, context: Context) -> Moment:
    """The net ``name`` after ``epoch`` epochs of the protocol's training."""
    norm: Literal["active", "none"] = "none" if name == "none" else "active"
    return Moment(recipe(norm, context), epoch, name == "frozen")


def moments(name: Name, context: Context) -> list[Moment]:
    """The net ``name`` at each record of the protocol's training."""
    return [moment(name, epoch, context) for epoch in context.config["records"]]


def outcome(recipe: Recipe, context: Context) -> Outcome:
    """The outcome of the training of ``recipe`` up to the last record."""
    last = context.config["records"][-1]
    state = trained(recipe, last, context).state
    return by_accuracy(state, context.data, training(recipe, last, context))


def net(moment: Moment, context: Context) -> Trained:
    """The net at the moment.

    A frozen net has the statistics of all training images as one batch.
    """
    then, data = trained(moment.recipe, moment.epoch, context), context.data
    weights = then.state.weights
    if isinstance(then.problem, Population):  # the trained function is the measured function
        return replace(then, problem=then.problem.frozen_at(weights))
    if moment.frozen:
        whole = moments_over(then.problem, weights, data.normalised(data.x_train))
        return replace(then, state=replace(then.state, statistics=whole)).frozen
    return then


def trained(recipe: Recipe, epoch: int, context: Context) -> Trained:
    """The net of ``recipe`` after ``epoch`` epochs.

    It is trained from one record to the next, and stored at each record.
    """
    own, how = problem(recipe, context.data), training(recipe, epoch, context)
    reached = Trained(own, beginning(weights(recipe, context), how))
    records = {record for record in context.config["records"] if 0 < record <= epoch}
    for last in sorted(records | ({epoch} if epoch > 0 else set())):
        plan = Plan(problem=own, training=replace(how, epochs=last), start=reached.state)
        identity = {"recipe": asdict(recipe), "epochs": last}
        reached = stored(f"resnet-{recipe.norm}", plan, context, **identity)
    return reached


def training(recipe: Recipe, epochs: int, context: Context) -> Training:
    """The training of ``recipe`` for ``epochs`` epochs, with the context's seed."""
    seed, rule = context.seed + APART * recipe.order, SGD(momentum=MOMENTUM)
    return at_constant_rate(recipe.rate, rule, epochs=epochs, batch=recipe.batch, seed=seed)


def net_of(recipe: Recipe, data: Dataset) -> Net:
    """The net of ``recipe`` alone."""
    width, activation = width_of(recipe.width), ACTIVATIONS[recipe.activation]
    return resnet(recipe.depth, width, activation, recipe.affine, data.classes)


def problem(recipe: Recipe, data: Dataset) -> Problem:
    """The loss of the net of ``recipe``, with its norm."""
    net = net_of(recipe, data)
    if recipe.norm == "population":
        images = data.normalised(data.x_train[: recipe.images])
        return Population(net, Frozen({}), images=images, every=recipe.every)
    return Problem(net, norm_named(recipe.norm))


def weights(recipe: Recipe, context: Context) -> dict[str, np.ndarray]:
    """The initial weights of the net of ``recipe``."""
    net, rng = net_of(recipe, context.data), context.rng("weights", recipe.start)
    drawn = initialise(net, rng, "he_normal", others={"dense": "lecun_normal"})
    return tempered(drawn) if recipe.norm == "none" else drawn
