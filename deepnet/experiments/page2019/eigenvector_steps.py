"""Steps along the leading eigenvectors of the loss's Hessian, and what becomes of the outputs: with
batch norm frozen, or without, they move the means of a few channels, with batch norm active they
hardly do, and fewer inputs lose their class. An eigenvector has no sign; the step is taken in the
sense in which the mean that it moves most grows.
"""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.images import require
from deepnet.experiments.page2019.shared import measures, protocol, steps
from deepnet.experiments.page2019.shared.protocol import Name
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("page2019", "perturbing the network parameters by the leading eigenvectors")
NETS: tuple[Name, ...] = ("active", "frozen", "none")
#: One eigenvector fewer than classes is said to move means; the next one is drawn for comparison.
MOVING = 9


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's and the eigenpairs'; ``step`` as a share of |w|, ``look`` images."""
    return measures.configuration(scale) | {
        "look": scale.pick(32, 512, 512),
        "step": 0.01,
        "drawn": scale.pick(2, 10, 10),
    }


def run(context: Context) -> Arrays:
    """For each net: eigenvalues, outputs, and those (lengths, eigenvectors, examples, classes)
    after steps of two lengths, the source's and that compared at, along the first ``drawn``."""
    require(context.data, context.config["examples"] + context.config["look"])
    arrays: Arrays = {}
    for name in NETS:
        arrays |= context.stage(f"steps-{name}", partial(_steps, name, context))
    return arrays


def _steps(name: Name, context: Context) -> Arrays:
    """Steps of both lengths along each eigenvector."""
    net, x = protocol.net(name, context), steps.looked_at(context)
    pairs = measures.eigenpairs(name, context)
    means = measures.moments(name, context)["mean"].astype(float)
    vectors = upward(pairs["vectors"][:, : context.config["drawn"]].astype(float), means)
    lengths = (context.config["step"], steps.compared(context))
    ends = [
        [steps.outputs(steps.stepped(net, vector, length), x) for vector in vectors.T]
        for length in lengths
    ]
    measured = {
        "outputs": steps.outputs(net, x),
        "outputs_along": ends,
        "lengths": lengths,
        "eigenvalues": pairs["eigenvalues"],
    }
    return {f"{name}:{quantity}": np.array(value) for quantity, value in measured.items()}


def upward(vectors: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """``vectors`` (n, k), each with the sign that makes its largest product with one of the
    ``gradients`` (classes, n) positive."""
    products = gradients @ vectors
    largest = np.take_along_axis(products, abs(products).argmax(0)[None], axis=0)
    return vectors * np.where(largest < 0, -1, 1)


def share_of_means(before: np.ndarray, after: np.ndarray) -> float:
    """How much of the outputs' squared change, (examples, classes), is that of channel means.

    sum_c m[c]^2 / sum_c mean_i d[i,c]^2, d the change and m its mean over the examples.
    """
    change = after - before
    return float(np.sum(change.mean(0) ** 2) / np.mean(np.sum(change**2, axis=1)))


def share_unchanged(before: np.ndarray, after: np.ndarray) -> float:
    """The share of the examples that keep their class."""
    return float(np.mean(before.argmax(1) == after.argmax(1)))


def by_eigenvector(arrays: Arrays, name: str, measure: Any, length: int) -> np.ndarray:
    """``what(before, after)`` of the step along each eigenvector; ``length`` 0 is the
    source's, 1 that compared at."""
    before = arrays[f"{name}:outputs"]
    return np.array([measure(before, end) for end in arrays[f"{name}:outputs_along"][length]])


def _mean(name: str, measure: Any, length: int) -> Measure:
    """The mean over the eigenvectors that are said to move means."""
    return lambda arrays: float(by_eigenvector(arrays, name, measure, length)[:MOVING].mean())


def _lost(name: str, which: slice = slice(None)) -> Measure:
    """The share of inputs that lose their class after steps of the length compared at."""
    return lambda arrays: (
        1 - float(by_eigenvector(arrays, name, share_unchanged, 1)[:MOVING][which].mean())
    )


def _ratio(above: Measure, below: Measure) -> Measure:
    return lambda arrays: above(arrays) / max(below(arrays), 1e-12)


#: "A clear picture in which the means are affected", after the source's step, for which outputs
#: still change in proportion; null: the net with batch norm. "Rather mild" there: at least half as
#: many inputs again lose their class with the net frozen; null: between its own eigenvectors.
OBSERVATIONS = (
    Observation(
        "eigenvector_steps.frozen_moves_means",
        band=(0.15, 1),
        measure=_mean("frozen", share_of_means, 0),
        null=_mean("active", share_of_means, 0),
    ),
    Observation(
        "eigenvector_steps.none_moves_means",
        band=(0.15, 1),
        measure=_mean("none", share_of_means, 0),
        null=_mean("active", share_of_means, 0),
    ),
    Observation(
        "eigenvector_steps.classes_lost_frozen_over_active",
        band=(1.5, 100),
        measure=_ratio(_lost("frozen"), _lost("active")),
        null=_ratio(_lost("frozen", slice(0, None, 2)), _lost("frozen", slice(1, None, 2))),
    ),
)
