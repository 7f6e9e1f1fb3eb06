"""Steps along the leading eigenvectors of the loss's Hessian move the channels' means if batch norm
is frozen or absent. With batch norm active, such steps hardly move the means, and fewer inputs lose
their class. An eigenvector has no sign. The sign of the step is chosen so that the mean with the
largest movement grows.
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
from deepnet.experiments.page2019.shared.protocol import NETS, HalfWay
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("page2019", "perturbing the network parameters by the leading eigenvectors")
#: The source says that one eigenvector fewer than there are classes moves means. The next
#: eigenvector is drawn for comparison.
MOVING = 9


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of ``measures.configuration`` and these:

    - ``look`` is the number of images whose outputs are looked at.
    - ``step`` is the source's length of a step, as a share of |w|.
    - ``drawn`` is the number of eigenvectors along which steps are taken.
    """
    return measures.configuration(scale) | {
        "look": scale.pick(32, 512, 512),
        "step": 0.01,
        "drawn": scale.pick(2, 10, 10),
    }


def run(context: Context) -> Arrays:
    """Take steps along the first ``drawn`` eigenvectors of each net.

    - ``eigenvalues`` are the leading eigenvalues of the Hessian.
    - ``lengths`` (2,) are the lengths of the steps: the source's and ``steps.compared``.
    - ``outputs`` (examples, classes) are the outputs before the step.
    - ``outputs_along`` (lengths, eigenvectors, examples, classes) are the outputs after the steps.
    """
    require(context.data, context.config["examples"] + context.config["look"])
    nets = protocol.half_way(NETS, context)
    arrays: Arrays = {}
    for name, net in nets.items():
        arrays |= context.stage(f"steps-{name}", partial(_steps, net, nets["frozen"]))
    return arrays


def _steps(of: HalfWay, frozen: HalfWay) -> Arrays:
    """Steps of both lengths along each eigenvector."""
    config, x = of.context.config, steps.looked_at(of.context)
    pairs = measures.eigenpairs(of)
    means = measures.moments(of)["mean"].astype(float)
    vectors = upward(pairs["vectors"][:, : config["drawn"]].astype(float), means)
    lengths = (config["step"], steps.compared(frozen))
    ends = [
        [steps.outputs(steps.stepped(of.net, vector, length), x) for vector in vectors.T]
        for length in lengths
    ]
    measured = {
        "outputs": steps.outputs(of.net, x),
        "outputs_along": ends,
        "lengths": lengths,
        "eigenvalues": pairs["eigenvalues"],
    }
    return {f"{of.name}:{quantity}": np.array(value) for quantity, value in measured.items()}


def upward(vectors: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """``vectors`` (n, k), each with the sign that makes its largest product positive.

    The products are with the gradients in the rows of ``gradients`` (classes, n). The largest
    product is the largest in absolute value.
    """
    products = gradients @ vectors
    largest = np.take_along_axis(products, abs(products).argmax(0)[None], axis=0)
    return vectors * np.where(largest < 0, -1, 1)


def share_of_means(before: np.ndarray, after: np.ndarray) -> float:
    """The share of the channels' means in the squared change of the outputs (examples, classes).

    This is sum_c m[c]^2 / sum_c mean_i d[i,c]^2 for the change d and its mean m over the examples.
    """
    change = after - before
    return float(np.sum(change.mean(0) ** 2) / np.mean(np.sum(change**2, axis=1)))


def share_unchanged(before: np.ndarray, after: np.ndarray) -> float:
    """The share of the examples that keep their class."""
    return float(np.mean(before.argmax(1) == after.argmax(1)))


def by_eigenvector(arrays: Arrays, name: str, measure: Any, length: int) -> np.ndarray:
    """``measure(before, after)`` of the outputs before and after a step along each eigenvector.

    ``length`` 0 is the source's length, 1 the length at which nets are compared.
    """
    before = arrays[f"{name}:outputs"]
    return np.array([measure(before, end) for end in arrays[f"{name}:outputs_along"][length]])


def _mean(name: str, measure: Any, length: int) -> Measure:
    """The mean of ``measure`` over the first MOVING eigenvectors."""
    return lambda arrays: float(by_eigenvector(arrays, name, measure, length)[:MOVING].mean())


def _lost(name: str, which: slice = slice(None)) -> Measure:
    """The share of inputs that lose their class after steps of the compared length.

    It is averaged over the first MOVING eigenvectors. ``which`` picks some of them.
    """
    return lambda arrays: (
        1 - float(by_eigenvector(arrays, name, share_unchanged, 1)[:MOVING][which].mean())
    )


def _ratio(above: Measure, below: Measure) -> Measure:
    return lambda arrays: above(arrays) / max(below(arrays), 1e-12)


#: - "A clear picture in which the means are affected" is said of the source's step, for which
#:   outputs still change in proportion. The null is the net with batch norm.
#: - "Rather mild" is said of the net with batch norm. If the net is frozen, at least half as many
#:   inputs again lose their class. The null compares the frozen net's own eigenvectors with each
#:   other.
OBSERVATIONS = (
    Observation(
        "eigenvector_steps.frozen_moves_means",
        says="The mean changes of the outputs hold at least 0.15 of the squared changes, on "
        "average over steps along nine leading eigenvectors, with batch norm frozen.",
        link="logit",
        band=(0.15, 1),
        measure=_mean("frozen", share_of_means, 0),
        null=_mean("active", share_of_means, 0),
    ),
    Observation(
        "eigenvector_steps.none_moves_means",
        says="The mean changes of the outputs hold at least 0.15 of the squared changes, on "
        "average over steps along nine leading eigenvectors, without batch norm.",
        link="logit",
        band=(0.15, 1),
        measure=_mean("none", share_of_means, 0),
        null=_mean("active", share_of_means, 0),
    ),
    Observation(
        "eigenvector_steps.classes_lost_frozen_over_active",
        says="Equal steps along leading eigenvectors change the class of 1.5 to 100 times as many "
        "inputs with batch norm frozen as with batch norm active.",
        link="log",
        band=(1.5, 100),
        measure=_ratio(_lost("frozen"), _lost("active")),
        null=_ratio(_lost("frozen", slice(0, None, 2)), _lost("frozen", slice(1, None, 2))),
        stated="after",
        was="With batch norm a share of the inputs in (0.5, 1) keeps its class.",
        why="The commit gives no reason. It strikes the words that most inputs keep their class.",
    ),
)
