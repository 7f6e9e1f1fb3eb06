"""The post's nets, trained as the post trains them, and stored."""

from dataclasses import asdict, dataclass, replace
from typing import Literal

from companion.errors import UsageError
from deepnet import ops
from deepnet.experiments.context import Context
from deepnet.experiments.runs import stored_training
from deepnet.experiments.trained import Trained
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import norm_named
from deepnet.nets.net import Activation
from deepnet.nets.page import SOFTPLUS, Variant, page
from deepnet.nets.width import width_of
from deepnet.problem import Problem
from deepnet.training import (
    SGD,
    Training,
    beginning,
    piecewise_linear,
)

ACTIVATIONS: dict[str, Activation] = {"softplus": SOFTPLUS, "relu": ops.relu}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A variant of the post's net trained as there: all that its weights depend on but data, seed.

    The rate runs through the knots (epoch, rate) of ``schedule``; training ends after ``epochs``.
    The rule is Nesterov's with momentum 0.9 and weight decay 1e-4. It begins at random weights, or
    where the recipe ``after`` ended, at rest; batch norm that is "frozen" keeps the statistics of
    there.
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

    Its state says so where it diverged. Raises UsageError where the images are of another size, or
    the width is no positive number.
    """
    shape = context.data.x_train.shape[1:]
    if shape != (32, 32, 3):
        raise UsageError(f"{context.data.name} has images {shape}; the net takes (32, 32, 3)")
    net = page(
        width_of(recipe.width),
        ACTIVATIONS[recipe.activation],
        recipe.place,
        recipe.shortcuts,
        context.data.classes,
    )
    if recipe.after is None:
        weights, statistics = initialise(net, context.rng("weights")), {}
    else:
        before = trained(recipe.after, context).state
        weights, statistics = before.weights, before.statistics
    problem = Problem(net, norm_named(recipe.norm, statistics=statistics))
    training = Training(
        epochs=recipe.epochs,
        batch=recipe.batch,
        seed=context.seed,
        schedule=piecewise_linear(*recipe.schedule),
        rule=SGD(momentum=0.9, nesterov=True, decay=1e-4),
        smoothing=recipe.smoothing,
    )
    start = replace(beginning(weights, training), statistics=statistics)
    name = f"page-{recipe.norm}"
    return Trained(
        problem, stored_training(name, problem, context, training, start, recipe=asdict(recipe))
    )
