"""Records of covariate shift and smoothness along the trainings, and how they are read.

Covariate shift is definition 2.1's shift of all layers by the rule's own step. Smoothness is loss
variation, gradient predictiveness and effective beta along the gradient, and along random
directions of equal length.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from deepnet.backend import array_module
from deepnet.experiments.context import Context
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.curves import plateau
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.nets.net import Net
from deepnet.training.train import Hook, TrainingStep
from deepnet.watch import every, of_covariate_shift, of_smoothness

#: The lengths of steps in multiples of the rate. BAND is the source's. The two small multiples of
#: MULTIPLES are for the limit |Hg|/|g|.
BAND = (0.5, 1.0, 2.0, 4.0)
MULTIPLES = (0.01, 0.1, *BAND)
#: The number of steps over which a loss is averaged before equal losses are looked for.
WINDOW = 10

Array = Any
Weights = dict[str, Array]
Records = Mapping[str, Sequence[float]]


def smoothness_hook(
    count: int, steps: int, context: Context, random: int = 0, *, shift: bool = True
) -> Hook:
    """A hook at every ``count``-th step of a training of ``steps`` steps per epoch.

    It records smoothness along the gradient and along ``random`` random directions. If ``shift``,
    it records the covariate shift of all layers too.
    """

    def record_step(step: TrainingStep) -> dict[str, float]:
        number = round(step.epoch * steps) - 1
        record = of_covariate_shift(step) if shift else {}
        return record | smooth(step, MULTIPLES, BAND, directions(context, number, random))

    return every(count, steps, record_step, "slopes")


def directions(context: Context, number: int, random: int) -> list[np.random.Generator]:
    """The generators that draw the ``random`` directions at the step of this ``number``."""
    return [context.rng("directions", number, i) for i in range(random)]


def smooth(
    step: TrainingStep,
    multiples: Sequence[float],
    band: Sequence[float],
    rngs: Sequence[np.random.Generator],
) -> dict[str, float]:
    """``of_smoothness`` along the gradient, and along a random direction of each of ``rngs``.

    The latter is named "random<i>:...".
    """
    record = dict(of_smoothness(multiples, band=band)(step))
    for i, rng in enumerate(rngs):
        hook = of_smoothness(multiples, partial(_random, rng), band)
        record |= {f"random{i}:{name}": value for name, value in hook(step).items()}
    return record


def _random(rng: np.random.Generator, step: TrainingStep) -> Weights:
    return gaussian(step.gradient, rng)


def gaussian(gradient: Weights, rng: np.random.Generator) -> Weights:
    """A normal direction in all weights, scaled to the length of the ``gradient``.

    It is drawn on the CPU.
    """
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
    """The recorded smoothness along the gradient, or along "random0:" and so on (``along``).

    - ``losses``, ``predictiveness`` and ``beta`` are (recorded steps, multiples).
    - ``variation``, ``largest_beta`` and ``saturated`` are (recorded steps,), over the band alone.
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
    """The losses of a training, its records and its outcome.

    "<label>:loss" (steps,): the losses.
    "<label>:step" (records,): the numbers of the recorded steps.
    "<label>:plateau" (records,): whether each recorded step lies on the plateau.
    "<label>:mark": the number of an ``Outcome``.
    """
    records, outcome = run.state.records, protocol.outcome(run.state, context)
    step = np.array(records["slopes:step"], int)
    flat = plateau(np.array(records["loss"]), context.data.classes)
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
    """Match runs by loss: the closest step of ``label`` to each step of ``other``, by index.

    The steps are compared steps, and the closest step has the closest loss. A single batch's loss
    is uncertain, so losses are means over WINDOW steps.
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
    """The median, nan if there are no values."""
    return float(np.median(values)) if values.size else float("nan")


def largest(values: np.ndarray) -> float:
    """The maximum, nan if there are no values."""
    return float(values.max()) if values.size else float("nan")
