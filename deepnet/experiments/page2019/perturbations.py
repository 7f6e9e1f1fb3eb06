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
from deepnet.experiments.images import require
from deepnet.experiments.page2019.observed import perturbations as observed
from deepnet.experiments.page2019.shared import measures, protocol, steps
from deepnet.experiments.page2019.shared.protocol import HalfWay, Name
from deepnet.experiments.store import Arrays

VERSION = 2
SOURCE = cite("page2019", "perturbations of 1% of the length of the parameter vector")
OBSERVATIONS = observed.OBSERVATIONS
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
