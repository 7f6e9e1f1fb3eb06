"""The protocol of the landscapes holds the nets, Adam's training of them, and the images.

The source names LeNet, VGG-16, Adam at rate 0.01, batches of 128 and 20 epochs. Layers, place of
batch norm and initial weights are our choice (see ``deepnet.nets``). The law of the initial weights
is PyTorch's default for LeNet and Glorot's for VGG. There is no augmentation and no weight decay.

At 0.01 VGG-16 without batch norm does not train. Nets are therefore compared at the joint rate: the
largest of the ``rates`` at which the net trains with batch norm and without.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np

from companion.errors import UsageError
from companion.scale import Scale
from deepnet import ops
from deepnet.backend import to_host
from deepnet.data import Dataset
from deepnet.experiments.context import Context
from deepnet.experiments.oxford2021.shared.records import VERSION_OF_RECORDS, smoothness_hook
from deepnet.experiments.runs import VERSION_OF_TRAINING, stored_training
from deepnet.experiments.store import Arrays
from deepnet.landscape import estimated
from deepnet.nets.initialise import initialise
from deepnet.nets.lenet import lenet
from deepnet.nets.modes import NoNorm, norm_named
from deepnet.nets.net import Net
from deepnet.nets.vgg import vgg
from deepnet.nets.width import width_of
from deepnet.problem import Problem
from deepnet.training import Adam, State, Training, beginning, constant, mark, usual
from deepnet.training.state import Statistics
from deepnet.training.verdict import guesses

Array = Any
Data = list[tuple[Array, Array]]
Name = Literal["lenet", "vgg16"]
Kind = Literal["none", "active"]
Which = Literal["source", "joint"]
NAMES: tuple[Name, ...] = ("lenet", "vgg16")
KINDS: tuple[Kind, ...] = ("none", "active")
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
    """All that a trained net depends on but data and seed.

    ``draw`` numbers independent initial weights and orders of the images; 0 draws the same initial
    weights with batch norm and without. Every so many steps are ``watched`` (0: none).
    """

    net: Name
    norm: Kind
    width: str
    rate: float
    epochs: int
    batch: int
    watched: int = 0
    draw: int = 0


@dataclass(frozen=True)
class Trained:
    """A net after training, its statistics estimated over the training set; ``mark`` as in
    ``deepnet.training.verdict``: empty where it trained."""

    recipe: Recipe
    problem: Problem
    state: State
    mark: str


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


def trained(recipe: Recipe, context: Context) -> Trained:
    """The net of ``recipe``, trained on the context's data from its seed, and stored.

    Raises UsageError where the images are of another size or there are fewer than a batch.
    """
    problem, plan = (
        Problem(net_of(recipe, context.data), norm_named(recipe.norm)),
        training(recipe, context),
    )
    weights = initial(recipe, problem.net, context)
    steps = len(context.data.x_train) // recipe.batch
    hooks = (usual, smoothness_hook(recipe.watched, steps)) if recipe.watched else (usual,)
    identity = {"recipe": asdict(recipe), "watching": VERSION_OF_RECORDS}
    start = beginning(weights, plan)
    name = f"{recipe.net}-{recipe.norm}"
    state = stored_training(name, problem, context, plan, start, hooks, settled=False, **identity)
    state = replace(state, statistics=_statistics(problem, state, context, **identity))
    return Trained(
        recipe,
        problem,
        state,
        verdict(state, context.data, plan) if context.config["judged"] else "",
    )


def untrained(recipe: Recipe, context: Context) -> State:
    """The state in which the training of ``recipe`` begins, with its estimated statistics."""
    problem = Problem(net_of(recipe, context.data), norm_named(recipe.norm))
    weights = initial(recipe, problem.net, context)
    return State(weights, {}, estimated(problem, weights, _whole(context.data)))


def net_of(recipe: Recipe, data: Dataset) -> Net:
    """The net of ``recipe`` alone. Raises UsageError where the images do not fit."""
    shape = data.x_train.shape[1:]
    if shape != (32, 32, 3):
        raise UsageError(f"{data.name} has images {shape}; the nets take (32, 32, 3)")
    width, affine = width_of(recipe.width), recipe.norm == "active"
    if recipe.net == "lenet":
        return lenet(width, affine=affine, classes=data.classes)
    return vgg("vgg16", width, affine=affine, classes=data.classes)


def training(recipe: Recipe, context: Context) -> Training:
    """How the net of ``recipe`` is trained."""
    return Training(
        epochs=recipe.epochs,
        batch=recipe.batch,
        augment=False,
        seed=context.seed + 2**20 * recipe.draw,
        schedule=constant(recipe.rate),
        rule=Adam(),
    )


def initial(recipe: Recipe, net: Net, context: Context) -> dict[str, Array]:
    """The initial weights of the net."""
    return initialise(net, context.rng("weights", recipe.draw), LAWS[recipe.net])


def verdict(state: State, data: Dataset, training: Training) -> str:
    """The ``mark`` of a training, given too where its loss is that of guessing."""
    return mark(state, data, training) or ("did not train" if guesses(state, data.classes) else "")


def rate_of(which: Which, name: Name, context: Context) -> float:
    """The source's rate or the joint rate.

    The joint rate is the largest of the ``rates`` at which the net trains both without batch norm
    and with it. Without such a rate it is the smallest of the ``rates``.
    """
    rates: list[float] = context.config["rates"]
    if which == "joint":
        for rate in rates:
            pair = (recipe(name, kind, rate, context.config) for kind in KINDS)
            if not any(trained(of_pair, context).mark for of_pair in pair):
                return rate
        return rates[-1]
    return rates[0]


def net(name: Name, kind: Kind, which: Which, context: Context) -> Trained:
    """The trained net ``name`` with batch norm or without, at the source's or the joint rate."""
    rate = rate_of(which, name, context)
    return trained(recipe(name, kind, rate, context.config), context)


def balanced(labels: np.ndarray, count: int, skip: int = 0) -> np.ndarray:
    """The indices of ``count`` examples in which the classes take turns.

    ``skip`` is the number of examples that are left out before them.

    >>> balanced(np.array([1, 1, 0, 1, 0, 2]), 4)
    array([2, 0, 5, 4])
    """
    labels = to_host(labels)
    rank = np.empty(len(labels), int)
    for label in np.unique(labels):
        rank[labels == label] = np.arange(np.sum(labels == label))
    return np.lexsort((labels, rank))[skip : skip + count]


def images(data: Dataset, count: int, together: int, skip: int = 0, dtype: str = "float32") -> Data:
    """``count`` training images with targets, classes balanced, in batches of ``together``.

    Raises UsageError where there are too few.
    """
    if len(data.x_train) < skip + count:
        raise UsageError(
            f"{data.name} has {len(data.x_train)} training images; give {skip + count}"
        )
    rows = balanced(data.y_train, count, skip)
    return _batches(data, rows, together, dtype)


def _statistics(problem: Problem, state: State, context: Context, **identity: Any) -> Statistics:
    """The means of the batches' statistics over the whole training set, stored once."""
    if isinstance(problem.norm, NoNorm):
        return {}

    def compute() -> Arrays:
        statistics = estimated(problem, state.weights, _whole(context.data))
        return State({}, {}, statistics).to_arrays()

    stored = context.shared("statistics", compute, version=VERSION_OF_TRAINING, **identity)
    return State.from_arrays(stored).statistics


def _whole(data: Dataset) -> Data:
    return _batches(data, np.arange(len(data.x_train)), TOGETHER, "float32")


def _batches(data: Dataset, rows: np.ndarray, together: int, dtype: str) -> Data:
    parts: Sequence[np.ndarray] = [
        rows[first : first + together] for first in range(0, len(rows), together)
    ]
    pairs = []
    for part in parts:
        x = data.normalised(data.x_train[part], dtype)
        pairs.append((x, ops.smoothed(data.y_train[part], data.classes, 0.0, x.dtype)))
    return pairs
