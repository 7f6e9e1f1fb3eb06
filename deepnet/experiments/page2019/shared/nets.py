"""The post's nets, trained as the post trains them, and stored."""

from dataclasses import asdict, dataclass, replace
from typing import Literal

from deepnet.data import Dataset
from deepnet.experiments import images
from deepnet.experiments.activations import ACTIVATIONS
from deepnet.experiments.context import Context
from deepnet.experiments.trained import Plan, Trained, stored
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import norm_named
from deepnet.nets.net import Net
from deepnet.nets.page import Variant, page
from deepnet.nets.width import width_of
from deepnet.problem import Problem
from deepnet.training import SGD, State, Training, beginning, piecewise_linear


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A net of page2019 and its training: all that its weights depend on but data and seed.

    The rate runs through the knots (epoch, rate) of ``schedule``. Training ends after ``epochs``.
    The rule is Nesterov's with momentum 0.9 and weight decay 1e-4. The training begins at random
    weights, or at rest where the recipe ``after`` ended. Batch norm that is "frozen" keeps the
    statistics of the end of ``after``.
    """

    norm: Literal["active", "frozen", "none"]
    width: str
    schedule: tuple[tuple[float, float], ...]
    epochs: int
    batch: int
    place: Variant = "pre"
    shortcuts: bool = False
    activation: Literal["softplus", "relu"] = "softplus"
    smoothing: float = 0.5
    after: "Recipe | None" = None


def trained(recipe: Recipe, context: Context) -> Trained:
    """The net of ``recipe`` trained on the context's data from its seed, or as far as it got.

    The net keeps its ``recipe``. The state says where training diverged. Raises UsageError where
    the images are of another size, or the width is no positive number.
    """
    plan = _plan(recipe, context)
    net = stored(f"page-{recipe.norm}", plan, context, recipe=asdict(recipe))
    return replace(net, recipe=recipe)


def net_of(recipe: Recipe, data: Dataset) -> Net:
    """The net of ``recipe`` alone. Raises UsageError where the images are of another size."""
    images.require_shape(data, 32, 32, 3)
    width, activation = width_of(recipe.width), ACTIVATIONS[recipe.activation]
    return page(width, activation, recipe.place, recipe.shortcuts, data.classes)


def training(recipe: Recipe, context: Context) -> Training:
    """The training of ``recipe``, with the context's seed."""
    return Training(
        epochs=recipe.epochs,
        batch=recipe.batch,
        seed=context.seed,
        schedule=piecewise_linear(*recipe.schedule),
        rule=SGD(momentum=0.9, nesterov=True, decay=1e-4),
        smoothing=recipe.smoothing,
    )


def _plan(recipe: Recipe, context: Context) -> Plan:
    how, net = training(recipe, context), net_of(recipe, context.data)
    if recipe.after is None:
        before = State(initialise(net, context.rng("weights")), {})
    else:
        before = trained(recipe.after, context).state
    start = replace(beginning(before.weights, how), statistics=before.statistics)
    problem = Problem(net, norm_named(recipe.norm, statistics=before.statistics))
    return Plan(problem=problem, training=how, start=start, settled=True)
