"""What is recorded along the trainings, and how it is read: covariate shift and smoothness.

Definition 2.1's shift of all layers by the rule's own step; loss variation, gradient predictiveness
and effective beta along the gradient and along random directions as long as it.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from deepnet.backend import array_module
from deepnet.experiments.context import Context
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.nets.net import Net
from deepnet.training.train import Hook, TrainingStep
from deepnet.watch import every, of_covariate_shift, of_smoothness

#: Steps in multiples of the rate: the source's band, and two small ones for the limit |Hg|/|g|.
BAND = (0.5, 1.0, 2.0, 4.0)
MULTIPLES = (0.01, 0.1, *BAND)
#: The steps over which a loss is averaged where equal losses are looked for.
WINDOW = 10

Array = Any
Weights = dict[str, Array]
Records = Mapping[str, Sequence[float]]


def smoothness_hook(
    count: int, steps: int, context: Context, random: int = 0, *, shift: bool = True
) -> Hook:
    """A hook at every ``count``-th step of a training of ``steps`` per epoch: smoothness along the
    gradient and ``random`` directions drawn, and, if ``shift``, covariate shift of all layers."""

    def record_step(step: TrainingStep) -> dict[str, float]:
        number = round(step.epoch * steps) - 1
        record = of_covariate_shift(step) if shift else {}
        return record | smooth(step, MULTIPLES, BAND, directions(context, number, random))

    return every(count, steps, record_step, "slopes")


def directions(context: Context, number: int, random: int) -> list[np.random.Generator]:
    """What draws each of the ``random`` directions at the step of this ``number``."""
    return [context.rng("directions", number, i) for i in range(random)]


def smooth(
    step: TrainingStep,
    multiples: Sequence[float],
    band: Sequence[float],
    rngs: Sequence[np.random.Generator],
) -> dict[str, float]:
    """``of_smoothness`` along the gradient and, named "random<i>:...", along a direction
    of each of ``rngs``."""
    record = dict(of_smoothness(multiples, band=band)(step))
    for i, rng in enumerate(rngs):
        hook = of_smoothness(multiples, partial(_random, rng), band)
        record |= {f"random{i}:{name}": value for name, value in hook(step).items()}
    return record


def _random(rng: np.random.Generator, step: TrainingStep) -> Weights:
    return gaussian(step.gradient, rng)


def gaussian(gradient: Weights, rng: np.random.Generator) -> Weights:
    """A normal direction in all weights, as long as the ``gradient``; drawn on the host."""
    drawn = {name: rng.standard_normal(g.shape) for name, g in gradient.items()}
    scale = _length(gradient) / _length(drawn)
    return {
        name: array_module(g).asarray(scale * drawn[name], dtype=g.dtype)
        for name, g in gradient.items()
    }


def _length(weights: Weights) -> float:
    return float(sum(float((w.astype("float64") ** 2).sum()) for w in weights.values()) ** 0.5)


# ----- Reading -----


def shifts(records: Records, layers: Sequence[str]) -> Arrays:
    """{shift, relative, cosine}: each (recorded steps, layers), the first layer first."""
    ends = {"shift": "shift", "relative": "shift:relative", "cosine": "shift:cosine"}
    return {
        name: np.array([records[f"{layer}:{end}"] for layer in layers], float).T
        for name, end in ends.items()
    }


def slopes(records: Records, multiples: Sequence[float] = MULTIPLES, along: str = "") -> Arrays:
    """{losses, predictiveness, beta: (recorded steps, multiples)} with, over the band alone,
    {variation, largest_beta, saturated: (recorded steps,)}; ``along`` is "random0:", ...
    """
    columns = {"losses": "loss", "predictiveness": "predictiveness", "beta": "beta"}
    by_multiple = {
        name: np.array([records[f"{along}{column}:{m:g}"] for m in multiples], float).T
        for name, column in columns.items()
    }
    over = {"variation": "variation", "largest_beta": "beta", "saturated": "saturated"}
    return by_multiple | {
        name: np.array(records[f"{along}{column}"], float) for name, column in over.items()
    }


def layers_of(net: Net) -> tuple[str, ...]:
    """The layers whose gradients shift: the weights of two or more dimensions, in order."""
    return tuple(name for name, shape in net.shapes.items() if len(shape) > 1)


# ----- Runs that are compared -----


def course(label: str, run: Trained, context: Context) -> Arrays:
    """The course of a training.

    <label>:loss     (steps,)
    <label>:step     (recorded steps,): their numbers
    <label>:plateau  (recorded steps,): whether each lies on the plateau
    <label>:mark     the number of the training's ``Outcome``
    """
    records, outcome = run.state.records, protocol.outcome(run.state, context)
    step = np.array(records["slopes:step"], int)
    flat = protocol.plateau(np.array(records["loss"]), context.data.classes)
    return {
        f"{label}:loss": np.array(records["loss"]),
        f"{label}:step": step,
        f"{label}:plateau": flat[step],
        f"{label}:mark": np.array(outcome),
    }


def compared(arrays: Arrays, label: str) -> np.ndarray:
    """The recorded steps, by index, that are compared: off the plateau, of a run that trained."""
    if arrays[f"{label}:mark"]:
        return np.array([], int)
    return np.flatnonzero(~arrays[f"{label}:plateau"])


def at_equal_loss(arrays: Arrays, label: str, other: str) -> np.ndarray:
    """For each compared step of ``other`` that of ``label`` whose loss is the nearest, by index.

    Losses are means over WINDOW steps, those of one batch being uncertain.
    """
    wanted, offered = (_smoothed_loss(arrays, run) for run in (other, label))
    if not len(offered):
        return np.array([], int)
    return compared(arrays, label)[np.abs(wanted[:, None] - offered).argmin(1)]


def _smoothed_loss(arrays: Arrays, label: str) -> np.ndarray:
    loss, ones = arrays[f"{label}:loss"], np.ones(WINDOW)
    mean = np.convolve(loss, ones, "same") / np.convolve(np.ones(len(loss)), ones, "same")
    return mean[arrays[f"{label}:step"][compared(arrays, label)]]


def median(values: np.ndarray) -> float:
    """The median; nan of nothing."""
    return float(np.median(values)) if values.size else float("nan")


def largest(values: np.ndarray) -> float:
    """The maximum; nan of nothing."""
    return float(values.max()) if values.size else float("nan")
