"""The protocol of the landscapes holds the nets and Adam's training of them.

The source names LeNet, VGG-16, Adam at rate 0.01, batches of 128 and 20 epochs. Layers, place of
batch norm and initial weights are our choice (see ``deepnet.nets``). The law of the initial weights
is PyTorch's default for LeNet and Glorot's for VGG. There is no augmentation and no weight decay.

At 0.01 VGG-16 without batch norm does not train. Nets are therefore compared at the joint rate: the
largest of the ``rates`` at which the net trains with batch norm and without.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from companion.scale import Scale
from deepnet.data import Dataset
from deepnet.experiments import images
from deepnet.experiments.context import Context
from deepnet.experiments.outcome import Outcome, by_accuracy_and_loss
from deepnet.experiments.oxford2021.shared.records import VERSION_OF_RECORDS, smoothness_hook
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import VERSION_OF_TRAINING, Plan, Trained, at_constant_rate, stored
from deepnet.landscape import estimated
from deepnet.nets.initialise import initialise
from deepnet.nets.lenet import lenet
from deepnet.nets.modes import NoNorm, norm_named
from deepnet.nets.net import Net
from deepnet.nets.vgg import vgg
from deepnet.nets.width import width_of
from deepnet.problem import Problem
from deepnet.training import Adam, State, Training, beginning, usual
from deepnet.training.rule import Weights
from deepnet.training.state import Statistics

Array = Any
Name = Literal["lenet", "vgg16"]
Kind = Literal["none", "active"]
Which = Literal["source", "joint"]
NAMES: tuple[Name, ...] = ("lenet", "vgg16")
KINDS: tuple[Kind, ...] = ("none", "active")
WORDS: dict[Name, str] = {"lenet": "LeNet", "vgg16": "VGG-16"}
LAWS = {"lenet": "pytorch", "vgg16": "glorot_uniform"}
#: Images in a batch when statistics are estimated after training.
TOGETHER = 500


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the configuration of nets and trainings.

    ``full`` is the source's own size, as far as the source says it.
    ``rates``: falling rates. The first rate is the source's.
    ``watched``: the number of steps from one record to the next.
    ``judged``: whether a net may be found not to train. At ``tiny`` all nets count as trained.
    """
    return {
        "train": scale.pick(64, 5000, 50_000),
        "test": scale.pick(32, 1000, 10_000),
        "vgg_width": scale.pick("1/32", "1/8", "1"),
        "lenet_epochs": scale.pick(1, 6, 20),
        "vgg_epochs": scale.pick(1, 4, 20),
        "batch": scale.pick(32, 128, 128),
        "rates": scale.pick([0.0003], [0.01, 0.003, 0.001, 0.0003], [0.01, 0.003, 0.001, 0.0003]),
        "watched": scale.pick(2, 10, 100),
        "judged": scale.pick(False, True, True),
    }


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A net of oxford2021 and its training: all that its weights depend on but data and seed.

    ``draw``: the number of independent initial weights and orders of the images. Draw 0 gives equal
    initial weights with batch norm and without.
    ``watched``: the number of steps from one record to the next (0: no records).
    """

    net: Name
    norm: Kind
    width: str
    rate: float
    epochs: int
    batch: int
    watched: int = 0
    draw: int = 0


def recipe(name: Name, kind: Kind, rate: float, config: Mapping[str, Any]) -> Recipe:
    """The configuration's training of a net at ``rate``, with its records."""
    return Recipe(
        net=name,
        norm=kind,
        width=config["vgg_width"] if name == "vgg16" else "1",
        rate=rate,
        epochs=config["vgg_epochs" if name == "vgg16" else "lenet_epochs"],
        batch=config["batch"],
        watched=config["watched"],
    )


def rate_of(which: Which, name: Name, context: Context) -> float:
    """The source's rate or the joint rate.

    The joint rate is the largest of the ``rates`` at which the net trains both without batch norm
    and with it. Without such a rate it is the smallest of the ``rates``.
    """
    rates: list[float] = context.config["rates"]
    if which == "joint":
        for rate in rates:
            pair = (recipe(name, kind, rate, context.config) for kind in KINDS)
            if not any(trained(of_pair, context).outcome for of_pair in pair):
                return rate
        return rates[-1]
    return rates[0]


def net(name: Name, kind: Kind, which: Which, context: Context) -> Trained:
    """The trained net ``name`` with batch norm or without, at the source's or the joint rate."""
    rate = rate_of(which, name, context)
    return trained(recipe(name, kind, rate, context.config), context)


def trained(recipe: Recipe, context: Context) -> Trained:
    """The net of ``recipe``, trained on the context's data from its seed, and stored.

    Its statistics are estimated over the training set. Raises UsageError where the images are of
    another size or there are fewer than a batch.
    """
    plan = _plan(recipe, context)
    identity = {"recipe": asdict(recipe), "watching": VERSION_OF_RECORDS}
    net = stored(f"{recipe.net}-{recipe.norm}", plan, context, **identity)
    outcome = Outcome.TRAINED
    if context.config["judged"]:
        outcome = by_accuracy_and_loss(net.state, context.data, plan.training)
    state = replace(net.state, statistics=_statistics(net, context, **identity))
    return replace(net, state=state, outcome=outcome, recipe=recipe)


def untrained(recipe: Recipe, context: Context) -> State:
    """The state in which the training of ``recipe`` begins, with its estimated statistics."""
    drawn = weights(recipe, context)
    own = problem(recipe, context.data)
    return State(drawn, {}, _estimated(own, drawn, context.data))


def net_of(recipe: Recipe, data: Dataset) -> Net:
    """The net of ``recipe`` alone. Raises UsageError where the images do not fit."""
    images.require_shape(data, 32, 32, 3)
    width, affine = width_of(recipe.width), recipe.norm == "active"
    if recipe.net == "lenet":
        return lenet(width, affine=affine, classes=data.classes)
    return vgg("vgg16", width, affine=affine, classes=data.classes)


def problem(recipe: Recipe, data: Dataset) -> Problem:
    """The loss of the net of ``recipe``, with its norm."""
    return Problem(net_of(recipe, data), norm_named(recipe.norm))


def training(recipe: Recipe, context: Context) -> Training:
    """The training of ``recipe``. Its seed is the context's seed, changed by ``draw``."""
    seed, rate = context.seed + 2**20 * recipe.draw, recipe.rate
    return at_constant_rate(rate, Adam(), epochs=recipe.epochs, batch=recipe.batch, seed=seed)


def weights(recipe: Recipe, context: Context) -> dict[str, Array]:
    """The initial weights of the net of ``recipe``."""
    net = net_of(recipe, context.data)
    return initialise(net, context.rng("weights", recipe.draw), LAWS[recipe.net])


def _plan(recipe: Recipe, context: Context) -> Plan:
    own, how = problem(recipe, context.data), training(recipe, context)
    steps = len(context.data.x_train) // recipe.batch
    watching = (smoothness_hook(recipe.watched, steps),) if recipe.watched else ()
    start = beginning(weights(recipe, context), how)
    return Plan(problem=own, training=how, start=start, hooks=(usual, *watching))


def _statistics(net: Trained, context: Context, **identity: Any) -> Statistics:
    """The statistics of ``_estimated``, stored once."""
    if isinstance(net.problem.norm, NoNorm):
        return {}

    def compute() -> Arrays:
        statistics = _estimated(net.problem, net.state.weights, context.data)
        return State({}, {}, statistics).to_arrays()

    arrays = context.shared("statistics", compute, version=VERSION_OF_TRAINING, **identity)
    return State.from_arrays(arrays).statistics


def _estimated(problem: Problem, weights: Weights, data: Dataset) -> Statistics:
    """The means of the batches' statistics over the whole training set."""
    return estimated(problem, weights, images.in_batches(data, len(data.x_train), TOGETHER))
