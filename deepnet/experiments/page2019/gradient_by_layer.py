"""Active batch norm makes the gradients of the outputs' means small and leaves the rest of them in
the last layers. The squared norms of the gradients of each output's mean, variance and third
central moment are measured layer by layer. They say how fast these moments change with the weights.
The nets have active batch norm, the batch norm of this net frozen, no batch norm, and batch norm
frozen after the activation instead of before it.

The source says two things about the net frozen after the activation that do not hold in general.
First, its gradient is mostly in the last layer. The source's own numbers give the last layer 42 %.
Second, its norm is like the norm for the net with batch norm. This holds in the source (1.02 times,
squared) and on textures (1.04 to 1.15). On 5,000 images of CIFAR-10 it was 5.5 times. Each time it
is smaller than for the net frozen before the activation, 3.8 to 7 times.
"""

from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.backend import beside, to_host
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation, Published
from deepnet.experiments.page2019.shared import measures, protocol, steps
from deepnet.experiments.page2019.shared.protocol import Name
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.nets.page import CHANNELS, OUTPUT_SCALE
from deepnet.vectors import from_vector

VERSION = 2
SOURCE = cite("page2019", "squared norm of the gradients and their distribution between layers")
NETS: tuple[Name, ...] = ("active", "frozen", "none", "frozen_after")
LAYERS = (*CHANNELS, "classifier")

#: The source's squared norms of the gradient of the mean of output 0, layer by layer, at width 1.
THEIRS = {
    "active": (0.005609, 0.008952, 0.01157, 0.02249, 0.03088, 0.05598, 0.31627, 2.30408),
    "frozen": (0.11199, 0.46210, 1.98322, 2.48378, 4.23218, 2.35561, 5.39709, 2.30098),
    "none": (0.78109, 1.12587, 1.54630, 1.85086, 2.79918, 7.96844, 15.7122, 6.44188),
    "frozen_after": (0.07057, 0.06974, 0.25964, 0.07178, 0.39435, 0.11540, 0.65512, 1.17703),
}


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol and these:

    - ``look`` is the number of images whose outputs are looked at.
    - ``step`` is the post's length of a step, as a share of |w|.
    """
    return protocol.configuration(scale) | {"look": scale.pick(32, 512, 512), "step": 0.01}


def run(context: Context) -> Arrays:
    """Measure the gradients of the moments by layer, and what fixes the length of a step.

    For each net:
    - ``mean``, ``variance`` and ``third`` (classes, layers) are squared norms of the gradients.
    - ``gaps`` (classes,) are the gaps between each output and the largest (``steps.gap``).
    - ``norm`` is |w|.
    - ``share_of_means`` is the share of the means of the classifier's inputs in their mean square.
    - ``parameters`` is the number of weights.
    """
    x = steps.looked_at(context)
    arrays: Arrays = {}
    for name, half_way in protocol.half_way(NETS, context).items():
        net = half_way.net
        shapes = net.problem.net.shapes
        for moment, gradients in measures.moments(half_way).items():
            layers = [from_vector(gradient.astype(float), shapes) for gradient in gradients]
            squared = [[np.sum(by_layer[layer] ** 2) for layer in LAYERS] for by_layer in layers]
            arrays[f"{name}:{moment}"] = np.array(squared)
        z = steps.outputs(net, x)
        arrays[f"{name}:gaps"] = np.array([steps.gap(z, c) for c in range(z.shape[1])])
        arrays[f"{name}:norm"] = np.array(steps.weights_length(net))
        arrays[f"{name}:share_of_means"] = np.array(share_of_means(net, x))
        arrays[f"{name}:parameters"] = np.array(net.problem.net.parameters)
    return arrays


def share_of_means(net: Trained, x: np.ndarray) -> float:
    """|m|^2/mean |h|^2 for the classifier's inputs h and their mean m over ``x``."""
    size = net.problem.net.shapes["classifier"][-1]
    weights = dict(net.state.weights)
    like = weights["classifier"]
    weights["classifier"] = np.eye(size, dtype=like.dtype).reshape(size, 1, 1, size) / OUTPUT_SCALE
    problem = net.problem
    h = to_host(problem.net.forward(beside(x, weights), x, problem.norm)).astype(float)
    return float(np.sum(h.mean(0) ** 2) / np.mean(np.sum(h**2, axis=1)))


def _total(name: str) -> Measure:
    """The squared norm of the gradient of a mean output, averaged over the outputs."""
    return lambda arrays: float(arrays[f"{name}:mean"].sum(1).mean())


def _classifier(name: str) -> Measure:
    """The share of the last layer in ``_total``."""
    return lambda arrays: float(arrays[f"{name}:mean"].mean(0)[-1]) / _total(name)(arrays)


def _ratio(above: str, below: str) -> Measure:
    """The squared norm for ``above`` divided by the squared norm for ``below`` (``_total``)."""
    return lambda arrays: _total(above)(arrays) / _total(below)(arrays)


def _by_chance(arrays: Arrays) -> float:
    """Null: the squared norm over the even outputs divided by its value over the odd outputs.

    The net is the frozen one, so that only chance makes a difference.
    """
    totals = arrays["frozen:mean"].sum(1)
    return float(totals[::2].mean() / totals[1::2].mean())


ORDER = "The band states an order. On CIFAR-10 the null was 5.5, inside both bands."
#: - "Much larger" and "much smaller": at least twice. The upper ends only catch a net that broke
#:   out. The null is the difference between outputs of one net.
#: - "Concentrated in the final layer" and "distributed": above and below 0.4. The null is the net
#:   that the statement does not mention.
OBSERVATIONS = (
    Observation(
        "gradient_by_layer.frozen_over_active",
        says="The squared gradient of a mean output, averaged over the outputs, is 2 to 1,000 "
        "times as large with batch norm frozen as with batch norm active.",
        link="log",
        band=(2, 1000),
        measure=_ratio("frozen", "active"),
        null=_by_chance,
        stated="after",
        was="The quotient lies in (2, 20). The null is frozen after the activation over active.",
        why=ORDER,
    ),
    Observation(
        "gradient_by_layer.none_over_active",
        says="The squared gradient of a mean output, averaged over the outputs, is 2 to 1,000 "
        "times as large without batch norm as with batch norm active.",
        link="log",
        band=(2, 1000),
        measure=_ratio("none", "active"),
        null=_by_chance,
        stated="after",
        was="The quotient lies in (4, 100). The null is frozen after the activation over active.",
        why=ORDER,
    ),
    Observation(
        "gradient_by_layer.frozen_over_frozen_after",
        says="The squared gradient of a mean output, averaged over outputs, is 2 to 1,000 times "
        "as large with batch norm frozen before the activation as after the activation.",
        link="log",
        band=(2, 1000),
        measure=_ratio("frozen", "frozen_after"),
        null=_by_chance,
        stated="after",
        was="The net frozen after the activation over the active net lies in (0.4, 2).",
        why="The quotient is 5.5 on 5,000 images of CIFAR-10.",
    ),
    Observation(
        "gradient_by_layer.classifier_share_active",
        says="The last layer holds at least 0.4 of the mean outputs' squared gradients in the net "
        "with batch norm.",
        link="logit",
        band=(0.4, 1),
        measure=_classifier("active"),
        null=_classifier("frozen"),
    ),
    Observation(
        "gradient_by_layer.classifier_share_frozen",
        says="The last layer holds at most 0.4 of the mean outputs' squared gradients in the net "
        "whose batch norm is frozen.",
        link="logit",
        band=(0, 0.4),
        measure=_classifier("frozen"),
        null=_classifier("active"),
        stated="after",
        was="The share lies in (0, 0.25).",
        why="The commit gives no reason. The band became the band of the net without batch norm.",
    ),
    Observation(
        "gradient_by_layer.classifier_share_none",
        says="The last layer holds at most 0.4 of the mean outputs' squared gradients in the net "
        "without batch norm.",
        link="logit",
        band=(0, 0.4),
        measure=_classifier("none"),
        null=_classifier("active"),
    ),
)


def _first_total(name: str) -> Measure:
    return lambda arrays: float(arrays[f"{name}:mean"][0].sum())


def _first_share(name: str, layer: int) -> Measure:
    return lambda arrays: float(arrays[f"{name}:mean"][0, layer]) / _first_total(name)(arrays)


WIDTH = "grows like the width, which the source has 1"
PUBLISHED = tuple(
    Published(f"mean of output 0, squared norm, {name}", sum(theirs), _first_total(name), why=WIDTH)
    for name, theirs in THEIRS.items()
) + tuple(
    Published(
        f"share of {layer}, {name}", theirs[i] / sum(theirs), _first_share(name, i), compared="odds"
    )
    for name, theirs in THEIRS.items()
    for i, layer in enumerate(LAYERS)
    if layer in ("layer3_extra", "classifier")
)
