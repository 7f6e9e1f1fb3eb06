"""The protocol compares one residual net with batch norm and without, at moments of its training.

Both nets start from He's normal weights, and the classifier's weights are smaller by sqrt 2.
Without batch norm each block's second convolution is smaller too (``tempered``). Training is by
heavy ball without weight decay and without augmentation, so that the loss whose Hessian is taken is
the loss that is trained. The paper leaves open the net, the rates, and why the net without batch
norm trains. They are our choice.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from companion.errors import UsageError
from companion.scale import Scale
from deepnet import ops
from deepnet.data import Dataset
from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019.shared.population import Population, moments_over
from deepnet.experiments.runs import stored_training
from deepnet.experiments.trained import Trained
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import Frozen, norm_named
from deepnet.nets.net import Activation, Net
from deepnet.nets.resnet import resnet, tempered
from deepnet.nets.width import width_of
from deepnet.problem import Problem
from deepnet.training import SGD, State, Training, beginning, constant, mark
from deepnet.training.verdict import Mark

#: The functions whose curvature is taken: "active" is the net with batch norm as it is trained,
#: "frozen" has the statistics of all training images as constants, "none" has no batch norm.
Name = Literal["active", "frozen", "none"]
NAMES: tuple[Name, ...] = ("active", "frozen", "none")
#: The modes that are trained and compared.
COMPARED: tuple[Literal["active", "none"], ...] = ("active", "none")
ACTIVATIONS: dict[str, Activation] = {
    "relu": ops.relu,
    "softplus": partial(ops.softplus, beta=10.0),
}
MOMENTUM = 0.9
#: What is written beside a training; results have its number.
FATES: tuple[Mark, ...] = ("", "did not train", "diverged")
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
    """All that the weights depend on but data and seed. ``start`` and ``order`` number other
    initial weights and other orders of the images; ``images`` are those of the population's
    statistics, taken anew ``every`` so many steps."""

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


def prepared(context: Context) -> Context:
    """The context with the images as they are trained on, averaged over 2 x 2 pixels where said.

    Raises UsageError where their sides do not fit the net, or where there are too few.
    """
    config = context.config
    data = context.data
    for _ in range(config["halvings"]):
        data = data.halved()
    rows, columns = data.x_train.shape[1:3]
    if rows != columns or rows % 4:
        raise UsageError(f"images of {rows} x {columns} pixels; give squares of 4, 8, 12, ...")
    if len(data.x_train) < config["examples"] + config["batch"]:
        raise UsageError(
            f"{data.name} has {len(data.x_train)} training images; give "
            f"{config['examples'] + config['batch']} or more"
        )
    return replace(context, data=data)


def recipe(norm: Literal["active", "none"], context: Context, **changes: Any) -> Recipe:
    """The protocol's training of the net with batch norm or without.

    The rate is the first one at which the net trains, or else the last.
    """
    config = context.config
    chosen = _recipe(norm, config["rates_" + norm][0], config)
    for lower in config["rates_" + norm][1:]:
        if not fate(chosen, context):
            break
        chosen = replace(chosen, rate=lower)
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


def fate(recipe: Recipe, context: Context) -> int:
    """What became of the training up to the last record, as its number in ``FATES``: 0 is good."""
    last = context.config["records"][-1]
    outcome = mark(state(recipe, last, context), context.data, _training(recipe, last, context))
    return FATES.index(outcome)


def net(moment: Moment, context: Context) -> Trained:
    """The net at the moment.

    A frozen net has the statistics of all training images as one batch.
    """
    problem = _problem(moment.recipe, context.data)
    trained = Trained(problem, state(moment.recipe, moment.epoch, context))
    if moment.recipe.norm == "population":  # the trained function is the measured function
        problem, weights = trained.problem, trained.state.weights
        assert isinstance(problem, Population)
        return replace(trained, problem=problem.frozen_at(weights))
    if moment.frozen:
        data = context.data
        whole = moments_over(problem, trained.state.weights, data.normalised(data.x_train))
        return replace(trained, state=replace(trained.state, statistics=whole)).frozen
    return trained


def state(recipe: Recipe, epoch: int, context: Context) -> State:
    """The state after ``epoch`` epochs, trained from one record to the next and stored at each."""
    reached = beginning(_weights(recipe, context), _training(recipe, epoch, context))
    for last in sorted(
        {record for record in (*context.config["records"], epoch) if 0 < record <= epoch}
    ):
        reached = stored_training(
            f"resnet-{recipe.norm}",
            _problem(recipe, context.data),
            context,
            _training(recipe, last, context),
            reached,
            settled=False,
            recipe=asdict(recipe),
            epochs=last,
        )
    return reached


def _training(recipe: Recipe, epochs: int, context: Context) -> Training:
    return Training(
        epochs=epochs,
        batch=recipe.batch,
        augment=False,
        seed=context.seed + APART * recipe.order,
        schedule=constant(recipe.rate),
        rule=SGD(momentum=MOMENTUM),
    )


def _net(recipe: Recipe, data: Dataset) -> Net:
    return resnet(
        recipe.depth,
        width_of(recipe.width),
        ACTIVATIONS[recipe.activation],
        recipe.affine,
        data.classes,
    )


def _problem(recipe: Recipe, data: Dataset) -> Problem:
    if recipe.norm == "population":
        images = data.normalised(data.x_train[: recipe.images])
        return Population(_net(recipe, data), Frozen({}), images=images, every=recipe.every)
    return Problem(_net(recipe, data), norm_named(recipe.norm))


def _weights(recipe: Recipe, context: Context) -> dict[str, np.ndarray]:
    net = _net(recipe, context.data)
    rng = context.rng("weights", recipe.start)
    weights = initialise(net, rng, "he_normal", others={"dense": "lecun_normal"})
    return tempered(weights) if recipe.norm == "none" else weights
