"""Steps of a small share of the weights' norm send most inputs to a chosen class if batch norm is
frozen or absent. The steps go along the gradients of the mean outputs. With batch norm active, or
frozen after the activation, a step of equal length does not send most inputs there. A step in a
random direction does nothing.

The necessary length depends on width and data. To first order, a step of a share of |w| moves a
mean output by this share times |w| times the norm of the mean's gradient. The movement has to
bridge the gap to the largest output. At random weights, |w| and the norm of the gradient both grow
like the square root of the width. At width 1/8 the source's step of 1 % therefore moves the means
by an eighth: 0.34 instead of 2.7. Training takes back a part. On textures the movement was 0.5,
where the gap of a nearly fitted net is 3, and half of the inputs change their class at 3.7 %, not
at 1 %. On 5,000 images of CIFAR-10 the movement was 1.7 for a gap of 1.9, and 0.9 % was enough. So
the nets are compared at the length that the frozen net needs to first order.
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
from deepnet.experiments.page2019.shared.protocol import HalfWay, Name
from deepnet.experiments.reasons import FAR_OUTSIDE, NEVER_INSIDE
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("page2019", "perturbations of 1% of the length of the parameter vector")
NETS: tuple[Name, ...] = ("active", "frozen", "none", "frozen_after")
#: Lengths of the steps, as multiples of the source's length.
MULTIPLES = 2 ** (np.arange(-1, 9) / 2)


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol and these:

    - ``look`` is the number of images whose outputs are looked at.
    - ``step`` is the source's length of a step, as a share of |w|.
    - ``outputs`` is the number of classes that are chosen in turn.
    - ``values`` is the number of values per channel that show its density.
    """
    return protocol.configuration(scale) | {
        "look": scale.pick(32, 512, 512),
        "step": 0.01,
        "outputs": scale.pick(2, 4, 10),
        "values": scale.pick(32, 2000, 2000),
    }


def run(context: Context) -> Arrays:
    """Take the steps, and return outputs and shares of the chosen classes.

    ``lengths`` are the lengths of all steps. ``drawn`` (2,) are two of them: the source's length
    and ``steps.compared``. The arrays of ``_along`` and ``_through`` follow.
    """
    config = context.config
    require(context.data, config["examples"] + config["look"])
    nets = protocol.half_way(NETS, context)
    drawn = np.array([config["step"], steps.compared(nets["frozen"])])
    lengths = np.union1d(config["step"] * MULTIPLES, drawn)
    arrays: Arrays = {"lengths": lengths, "drawn": drawn}
    for name, net in nets.items():
        arrays |= context.stage(f"steps-{name}", partial(_along, net, lengths, drawn))
    for name in LAYERED:
        arrays |= context.stage(f"layers-{name}", partial(_through, nets[name], drawn[1]))
    return arrays


def _along(of: HalfWay, lengths: np.ndarray, drawn: np.ndarray) -> Arrays:
    """Steps of all ``lengths`` along each chosen mean's gradient and along a random direction.

    - ``outputs`` (examples, classes) are the outputs before the step. ``outputs_along`` and
      ``outputs_aside`` are the outputs after steps of the lengths ``drawn``.
    - ``shares_along`` and ``shares_aside`` (chosen, lengths) are the shares of the examples that go
      to the chosen class. ``shares_first_order`` are these shares along the gradients to first
      order.
    - ``shares`` (chosen,) are the shares before the step, ``gaps`` the gaps to the largest output.
    - ``norm`` is |w|, ``gradient_norms`` (classes,) are the norms of the gradients.
    """
    net, context, x = of.net, of.context, steps.looked_at(of.context)
    gradients = measures.moments(of)["mean"].astype(float)
    z, size = steps.outputs(net, x), steps.weights_length(net)
    chosen = range(min(context.config["outputs"], len(gradients)))
    drawn_rows = np.searchsorted(lengths, drawn)

    def ends(direction: np.ndarray) -> np.ndarray:
        return np.stack([steps.outputs(steps.stepped(net, direction, t), x) for t in lengths])

    along = [ends(gradients[c]) for c in chosen]
    aside = ends(steps.random_direction(net, context))
    first = [[steps.moved(z, gradients, c, length * size) for length in lengths] for c in chosen]
    measured = {
        "outputs": z,
        "outputs_along": np.stack([outputs[drawn_rows] for outputs in along]),
        "outputs_aside": aside[drawn_rows],
        "shares_along": [[steps.share(end, c) for end in along[c]] for c in chosen],
        "shares_aside": [[steps.share(end, c) for end in aside] for c in chosen],
        "shares_first_order": [[steps.share(end, c) for end in first[c]] for c in chosen],
        "shares": [steps.share(z, c) for c in chosen],
        "gaps": [steps.gap(z, c) for c in chosen],
        "norm": size,
        "gradient_norms": np.linalg.norm(gradients, axis=1),
        "parameters": net.problem.net.parameters,
    }
    return {f"{of.name}:{quantity}": np.array(value) for quantity, value in measured.items()}


#: LAYERED are the nets of which all layers are looked at. DONE says which step was taken: none, one
#: along a random direction, or one along the gradient of the mean of output 0.
LAYERED: tuple[Name, ...] = ("active", "frozen")
DONE = ("nothing", "aside", "along")


def _through(of: HalfWay, length: float) -> Arrays:
    """All layers before and after a step of ``length``, named "<net>:<one of DONE>:<layer>".

    The arrays of a layer hold values of its first ten channels. ``means`` (layers,) is the root
    mean square over the channels of the channels' means. ``deviations`` (layers,) is the mean over
    the channels of their standard deviations.
    """
    name, net, context = of.name, of.net, of.context
    x, along = steps.looked_at(context), measures.moments(of)["mean"][0]
    aside = steps.random_direction(net, context)
    ends = (net, steps.stepped(net, aside, length), steps.stepped(net, along, length))
    arrays: Arrays = {}
    for done, end in zip(DONE, ends, strict=True):
        by_layer = steps.layers(end, x)
        for layer, values in by_layer.items():
            shown = _thinned(values[:10], context)
            arrays[f"{name}:{done}:{layer}"] = shown
        spread = [(v.mean(1, dtype=float), v.std(1, dtype=float)) for v in by_layer.values()]
        arrays[f"{name}:{done}:means"] = np.array([np.sqrt(np.mean(m**2)) for m, _ in spread])
        arrays[f"{name}:{done}:deviations"] = np.array([s.mean() for _, s in spread])
    return arrays


def _thinned(values: np.ndarray, context: Context) -> np.ndarray:
    """``values`` values of each channel, at places that all channels share."""
    size, count = values.shape[1], context.config["values"]
    columns = context.rng("values").choice(size, min(count, size), replace=False)
    return values[:, np.sort(columns)].astype("float32")


def _share(name: str) -> Measure:
    """The share of the examples that go to the chosen class, averaged over the chosen classes.

    The step goes along the gradient and has the length at which nets are compared.
    """

    def measure(arrays: Arrays) -> float:
        ends = arrays[f"{name}:outputs_along"][:, 1]
        return float(np.mean([steps.share(end, c) for c, end in enumerate(ends)]))

    return measure


def _most_aside(name: str) -> Measure:
    """Null: the share of the examples that go to one class after a random step of this length.

    The class is the one to which most examples go.
    """

    def measure(arrays: Arrays) -> float:
        end = arrays[f"{name}:outputs_aside"][1]
        return max(steps.share(end, c) for c in range(end.shape[1]))

    return measure


def half_ways(arrays: Arrays, name: str, which: str = "along") -> np.ndarray:
    """The length at which half of the inputs go to the class, for each chosen class.

    ``which`` is "along" for the gradient and "aside" for the random direction.
    """
    shares = arrays[f"{name}:shares_{which}"]
    return np.array([steps.half_way(arrays["lengths"], by_length) for by_length in shares])


def _longer(above: str, below: str) -> Measure:
    """The mean half-way length of ``above`` divided by the mean half-way length of ``below``."""
    return lambda arrays: float(half_ways(arrays, above).mean() / half_ways(arrays, below).mean())


def _by_chance(arrays: Arrays) -> float:
    """Null: the mean half-way length of the even classes divided by the mean of the odd ones.

    The net is the frozen one, so that only chance makes a difference.
    """
    lengths = half_ways(arrays, "frozen")
    return float(lengths[::2].mean() / lengths[1::2].mean())


def _growth(name: str, done: str) -> Measure:
    """The growth of the channels' means from the second to the last normed layer, in deviations."""

    def measure(arrays: Arrays) -> float:
        means = arrays[f"{name}:{done}:means"]
        return float(means[-2] - means[1])

    return measure


EIGHT_PER_CENT = "The steps had a length of 8 % of the weights at width 1/8."
NEEDED = "Half of the inputs go at 3.7 % on textures, and at 0.9 % on CIFAR-10."
OVER_CLASSES = "Later the null was the mean share of a class after a random step."
#: - First four: "on a majority of inputs", after a step of the length at which nets are compared.
#:   The null of the statements that inputs go there is a random step, and the class to which most
#:   inputs go after this step. The null of the statements that they do not is the net without batch
#:   norm.
#: - Half-way of frozen: this length is short. The null is a random step, and the class to which
#:   half of the inputs go first.
#: - Half-way of active: at least half as long again. The null is chance.
#: - Growth: "increasingly large means", in standard deviations. The null is a random step.
OBSERVATIONS = (
    Observation(
        "perturbations.frozen_goes_to_the_class",
        says="A gradient step of the length needed to first order sends at least half of the "
        "inputs to the class of the mean output, with batch norm frozen.",
        link="logit",
        band=(0.5, 1),
        measure=_share("frozen"),
        null=_most_aside("frozen"),
        stated="after",
        was=f"{EIGHT_PER_CENT} {OVER_CLASSES}",
        why=f"{NEEDED} {NEVER_INSIDE}",
    ),
    Observation(
        "perturbations.none_goes_to_the_class",
        says="A gradient step of the length that the frozen net needs sends at least half of the "
        "inputs to the class of the mean output, without batch norm.",
        band=(0.5, 1),
        measure=_share("none"),
        null=_most_aside("none"),
        stated="after",
        was=f"{EIGHT_PER_CENT} {OVER_CLASSES}",
        why=f"{NEEDED} {NEVER_INSIDE}",
    ),
    Observation(
        "perturbations.active_does_not",
        says="A gradient step of the length that the frozen net needs sends at most half of the "
        "inputs to the class of the mean output, with batch norm active.",
        link="logit",
        band=(0, 0.5),
        measure=_share("active"),
        null=_share("none"),
        stated="after",
        was=f"{EIGHT_PER_CENT} The null was the frozen net.",
        why=NEEDED,
    ),
    Observation(
        "perturbations.frozen_after_does_not",
        says="A gradient step of the length that the frozen net needs sends at most half of the "
        "inputs to the output's class, with batch norm frozen after the activation.",
        link="logit",
        band=(0, 0.5),
        measure=_share("frozen_after"),
        null=_share("none"),
        stated="after",
        was=f"{EIGHT_PER_CENT} The null was the frozen net.",
        why=NEEDED,
    ),
    Observation(
        "perturbations.half_way_frozen",
        says="A gradient step that sends half of the inputs to the class of a mean output has "
        "0.002 to 0.1 of the weights' length, with batch norm frozen.",
        link="log",
        band=(0.002, 0.1),
        measure=lambda arrays: float(half_ways(arrays, "frozen").mean()),
        null=lambda arrays: float(half_ways(arrays, "frozen", "aside").min()),
        stated="after",
        was="The null was the mean over the classes of the half-way lengths of a random step.",
        why=(
            "The commit that states the band already tells what the trained nets need. "
            f"{FAR_OUTSIDE}"
        ),
    ),
    Observation(
        "perturbations.half_way_active_over_frozen",
        says="A gradient step that sends half of the inputs to a class is 1.5 to 100 times as "
        "long with batch norm active as with batch norm frozen.",
        link="log",
        band=(1.5, 100),
        measure=_longer("active", "frozen"),
        null=_by_chance,
        stated="after",
        was="The quotient lies in (1.5, 10).",
        why="The commit gives no reason.",
    ),
    Observation(
        "perturbations.means_grow_through_the_layers",
        says="The channels' means are larger by at least 0.2 in the last than in the second "
        "normalised layer after a gradient step, with batch norm frozen.",
        band=(0.2, 100),
        measure=_growth("frozen", "along"),
        null=_growth("frozen", "aside"),
        stated="after",
        was="The last layer's means over the first layer's lie in (5, 1000).",
        why="The growth is in standard deviations, from 0.3 and then from 0.2 on.",
    ),
)
