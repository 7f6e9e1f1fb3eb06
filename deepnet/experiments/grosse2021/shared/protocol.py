"""The protocol of the lecture's experiments holds nets, images, trainings, and how a run ends.

The lecture reports no experiments, so that every setting is ours. Nets that are compared share
their initial weights, up to the factor of their laws, and the order of their images.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from math import inf, isfinite, log
from typing import Any, Literal

import numpy as np

from companion.errors import UsageError
from companion.scale import Scale
from deepnet import ops
from deepnet.backend import beside, to_host
from deepnet.data import Dataset
from deepnet.experiments.context import Context
from deepnet.experiments.runs import stored_training
from deepnet.nets.initialise import initialise
from deepnet.nets.layer import Place
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Active, Ghost, Mode, Noisy, Norm, Wrapper, norm_named
from deepnet.nets.net import Activation
from deepnet.nets.noise import Noise
from deepnet.nets.page import SOFTPLUS, page
from deepnet.nets.width import width_of
from deepnet.ops.norm import EPS
from deepnet.problem import Problem
from deepnet.training import SGD, State, Training, beginning, constant, train, usual
from deepnet.training.rule import Rule
from deepnet.training.train import Hook
from deepnet.training.verdict import MARKS, Mark

Array = Any


def _centred_logistic(s: Any) -> Any:
    """1/(1 + exp(-s)) - 1/2 = tanh(s/2)/2."""
    return ops.scale(ops.tanh(ops.scale(s, by=0.5)), by=0.5)


#: The activations, with the laws of the weights before them. The output layer has "lecun_normal".
ACTIVATIONS: dict[str, tuple[Activation, str]] = {
    "relu": (ops.relu, "he_normal"),
    "softplus": (SOFTPLUS, "he_normal"),
    "tanh": (ops.tanh, "lecun_normal"),
    "logistic": (ops.sigmoid, "lecun_normal"),
    "centred logistic": (_centred_logistic, "lecun_normal"),
}
#: Descent without momentum and decay.
PLAIN = SGD()
#: A run whose training loss is above this share of a constant answer's did not train.
CHANCE = 0.9
#: A final loss is a mean over batches of at most this number of images. Each batch has its own
#: statistics.
WHOLE = 5000


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


# ----- Images -----


class Standardised(Dataset):
    """Images whose inputs have mean 0 and variance 1 over the training images.

    An input that never varies is 0.
    """

    @cached_property
    def input_moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of each input over the training images, on 0..1."""
        x = to_host(self.x_train).astype(float) / 255
        return x.mean(0), x.std(0)

    def normalised(self, x: np.ndarray, dtype: Any = np.float32) -> np.ndarray:
        """See the class."""
        mean, spread = self.input_moments
        inverse = np.divide(1, spread, out=np.zeros_like(spread), where=spread > 0)
        mean, inverse = beside(x, (mean.astype(dtype), inverse.astype(dtype)))
        return (x.astype(dtype) / 255 - mean) * inverse


def images(context: Context, standardised: bool = True) -> Dataset:
    """The context's images averaged down to the configuration's side.

    Each input is ``standardised`` for the mlp, each channel for the convolutional net.

    Raises UsageError where halving its images does not lead to that side.
    """
    data = context.data
    averaged, side = data, context.config["side"]
    while averaged.x_train.shape[1] > side:
        averaged = averaged.halved()
    if averaged.x_train.shape[1:3] != (side, side):
        rows, columns = data.x_train.shape[1:3]
        raise UsageError(
            f"{data.name} has images {rows} x {columns}; give squares of {side}, {2 * side}, ... "
            "pixels a side"
        )
    if not standardised:
        return averaged
    return Standardised(**{entry.name: getattr(averaged, entry.name) for entry in fields(averaged)})


def first_images(context: Context, count: int) -> Context:
    """The context with its first ``count`` training images alone."""
    data = context.data
    first = replace(data, x_train=data.x_train[:count], y_train=data.y_train[:count])
    return replace(context, data=first)


def whole(data: Dataset, part: Literal["train", "test"] = "train", dtype: Any = np.float32) -> Any:
    """(x, targets) of all images of ``part``, normalised; targets are rows with a single 1."""
    x, y = getattr(data, f"x_{part}"), getattr(data, f"y_{part}")
    inputs = data.normalised(x, np.dtype(dtype))
    return inputs, ops.smoothed(y, data.classes, 0.0, inputs.dtype)


# ----- Nets and trainings -----


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A net and its training: all that its weights depend on but images and seed.

    ``hidden`` are the mlp's units; where it is empty the net is the post's convolutional one at
    ``width``. No biases, no learnable scale and shift unless said; batch norm as ``norm`` says, at
    its ``place`` about the activation; learnable scales begin at ``gain``. The initial weights of
    all but the output layer are multiplied by ``factor``. A constant ``rate``, no augmentation.
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

    @property
    def training(self) -> Training:
        """How it is trained, but for the seed."""
        return Training(
            epochs=self.epochs,
            batch=self.batch,
            augment=False,
            schedule=constant(self.rate),
            rule=self.rule,
        )


def dense(config: Mapping[str, Any], **changes: Any) -> Recipe:
    """The mlp of the configuration, with ``changes`` of the recipe."""
    usual = {"hidden": tuple(config["hidden"]), "batch": config["batch"]}
    return Recipe(**(usual | changes))


def convolutional(config: Mapping[str, Any], **changes: Any) -> Recipe:
    """The convolutional net of the configuration, with ``changes`` of the recipe."""
    usual = {"width": config["width"], "batch": config["batch"]}
    return Recipe(**(usual | changes))


def problem(recipe: Recipe, data: Dataset) -> Problem:
    """The mean cross-entropy of the recipe's net for images in the shape of ``data``."""
    activation, _ = ACTIVATIONS[recipe.activation]
    if recipe.hidden:
        widths = (int(np.prod(data.x_train.shape[1:])), *recipe.hidden, data.classes)
        net = mlp(widths, activation, recipe.place, recipe.bias, recipe.affine)
    else:
        width = width_of(recipe.width)
        net = page(width, activation, recipe.place, classes=data.classes, affine=recipe.affine)
    norm = norm_named(recipe.norm, group=recipe.group, eps=recipe.eps)
    return Problem(net, norm if recipe.noise is None else Noisy(norm, recipe.noise))


def weights(recipe: Recipe, context: Context) -> dict[str, Array]:
    """The recipe's initial weights."""
    net = problem(recipe, context.data).net
    _, law = ACTIVATIONS[recipe.activation]
    last = [name for name, shape in net.shapes.items() if len(shape) > 1][-1]
    drawn = initialise(net, context.rng("weights"), law, recipe.dtype, {last: "lecun_normal"})
    factors = {
        name: recipe.factor if len(shape) > 1 and name != last else 1.0
        for name, shape in net.shapes.items()
    } | {name: recipe.gain for name in net.shapes if name.endswith("_scale")}
    dtype = np.dtype(recipe.dtype)
    return {name: w * dtype.type(factors[name]) for name, w in drawn.items()}


@dataclass(frozen=True)
class Run:
    """A training that has ended: its final loss on all training images (nan where it diverged),
    and its mark, "" where it trained; only such are compared by value."""

    recipe: Recipe
    problem: Problem
    state: State
    loss: float
    mark: Mark

    @property
    def rank(self) -> float:
        """The final loss, inf where the run did not train: what is compared by rank."""
        return inf if self.mark else self.loss


def trained(
    recipe: Recipe,
    context: Context,
    hooks: Sequence[Hook] = (usual,),
    start: State | None = None,
) -> Run:
    """The net of ``recipe`` after its training, begun at its initial weights or taken up at
    ``start``, whose epochs count. It stops where the net is lost."""
    state = beginning(weights(recipe, context), recipe.training) if start is None else start
    *_, last = [state, *states(recipe, context, hooks, state)]
    return ended(recipe, context.data, last)


def states(
    recipe: Recipe, context: Context, hooks: Sequence[Hook], start: State
) -> Iterator[State]:
    """The state after each epoch, from ``start``."""
    training = replace(recipe.training, seed=context.seed)
    return train(problem(recipe, context.data), context.data, training, start, hooks)


def stored_run(name: str, recipe: Recipe, context: Context) -> Run:
    """As ``trained``, and stored for other experiments of the source."""
    data = context.data
    training = replace(recipe.training, seed=context.seed)
    start = beginning(weights(recipe, context), training)
    state = stored_training(
        name,
        problem(recipe, data),
        context,
        training,
        start,
        settled=False,
        recipe=repr(recipe),
        standardised=isinstance(data, Standardised),
    )
    return ended(recipe, data, state)


def ended(recipe: Recipe, data: Dataset, state: State) -> Run:
    """The run of ``recipe`` that ended in ``state``."""
    if state.diverged:
        return marked(recipe, data, state, np.nan)
    return marked(recipe, data, state, final_loss(problem(recipe, data), state.weights, data))


def marked(recipe: Recipe, data: Dataset, state: State, loss: float) -> Run:
    """The run that ended in ``state`` with this final ``loss``, and its mark."""
    mark: Mark = ""
    if not isfinite(loss):
        loss, mark = np.nan, "diverged"
    elif loss > CHANCE * log(data.classes):
        mark = "did not train"
    return Run(recipe, problem(recipe, data), state, loss, mark)


# ----- What a net does on all images -----


def _ungrouped(norm: Norm) -> Norm:
    """``norm`` with active batch norm in place of ghost batches."""
    if isinstance(norm, Wrapper):
        return replace(norm, norm=_ungrouped(norm.norm))
    return Active(norm.eps) if isinstance(norm, Ghost) else norm


def final_loss(problem: Problem, weights: dict[str, Array], data: Dataset) -> float:
    """The mean loss over all training images. Batch norm has the statistics of all of them.

    The images are taken in as few batches as ``WHOLE`` allows. Noise is the noise of the problem's
    own step. The loss is inf or nan where the net's outputs are.
    """
    x, targets = whole(data, dtype=next(iter(weights.values())).dtype)
    parts = np.array_split(np.arange(len(x)), -(-len(x) // WHOLE))
    problem = problem.with_norm(_ungrouped(problem.norm))
    with np.errstate(all="ignore"):
        losses = [
            float(problem.loss(problem.outputs(weights, x[rows]), targets[rows])) for rows in parts
        ]
    return float(np.average(losses, weights=[len(rows) for rows in parts]))


def results(runs: Sequence[Run]) -> dict[str, np.ndarray]:
    """{loss, mark: (runs,)}; a mark is stored as its place in ``MARKS``, 0 where a run trained."""
    return {
        "loss": np.array([run.loss for run in runs]),
        "mark": np.array([MARKS.index(run.mark) for run in runs]),
    }


def best(losses: Sequence[float], marks: Sequence[object]) -> float:
    """The lowest of the losses of runs that trained, nan where none did."""
    trained_losses = [loss for loss, mark in zip(losses, marks, strict=True) if not mark]
    return min(trained_losses, default=np.nan)


def largest(rates: Sequence[float], marks: Sequence[object]) -> float:
    """The largest rate that trains, nan where none does."""
    trained_rates = [rate for rate, mark in zip(rates, marks, strict=True) if not mark]
    return max(trained_rates, default=np.nan)
