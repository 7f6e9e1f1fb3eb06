"""A proxy is often plotted in place of the source's measures. Here it stands beside them. Each net
is trained by Adam at four rates, with equal batches. The proxy calls the range of the four training
losses at each step the loss's variation. It calls the distance of the last layer's gradients at two
consecutive steps the gradient's predictiveness. It compares four trajectories and batches, not
points of one loss. So it tells how far trainings at different rates are apart.
"""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.backend import to_host
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Observation
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.records import PAIR, recorded
from deepnet.experiments.santurkar2018.shared.shifts_and_slopes import (
    compared,
    course,
    layers_of,
    median,
    slopes,
)
from deepnet.experiments.store import Arrays
from deepnet.training import Adam, beginning, train, usual
from deepnet.training.train import TrainingStep

VERSION = 2
SOURCE = cite("santurkar2018", "beside figure 4: not in the source")
RATES = (1e-4, 5e-4, 1e-3, 2e-3)


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol, and ``proxy_epochs``, the epochs of the proxy's trainings."""
    return protocol.configuration(scale) | {"proxy_epochs": scale.pick(1, 2, 39)}


def run(context: Context) -> Arrays:
    """Measure the proxy and the source's measures for the nets none and active.

    - ``<net>:proxy:losses`` (rates, steps) are the training losses.
    - ``<net>:proxy:distances`` (rates, steps - 1) are the distances of consecutive gradients.
    - ``<net>:rate:...`` are the arrays of ``course`` and ``slopes`` for the training at the main
      rate.
    """
    arrays: Arrays = {"adam": np.array(RATES), "rate": np.array(context.config["rate"])}
    for name in PAIR:
        runs = [
            context.stage(f"{name}-{rate:g}", partial(_trained, name, rate, context))
            for rate in RATES
        ]
        for quantity in ("losses", "distances"):
            arrays[f"{name}:proxy:{quantity}"] = np.array([run[quantity] for run in runs])
        net, label = recorded(name, context.config["rate"], context), f"{name}:rate"
        smoothness = slopes(net.state.records)
        arrays |= course(label, net, context)
        arrays |= {f"{label}:{quantity}": array for quantity, array in smoothness.items()}
    return arrays


def _trained(name: protocol.Name, rate: float, context: Context) -> Arrays:
    """The losses and distances of one training by Adam, from the protocol's weights."""
    config = context.config
    problem = protocol.problem(name, context)
    training = replace(protocol.training(rate, context), epochs=config["proxy_epochs"], rule=Adam())
    start = beginning(protocol.weights(name, context), training)
    last, gradients = layers_of(problem.net)[-1], list[np.ndarray]()

    def keep(step: TrainingStep) -> dict[str, float]:
        gradients.append(to_host(step.gradient[last]).astype(float).ravel())
        return {}

    *_, state = train(problem, context.data, training, start, (usual, keep))
    steps = np.diff(np.array(gradients), axis=0)
    return {
        "losses": np.array(state.records["loss"]),
        "distances": np.linalg.norm(steps, axis=1),
    }


def width(arrays: Arrays, name: str) -> np.ndarray:
    """The proxy's variation: the range of the losses over the rates, (steps,)."""
    return np.ptp(arrays[f"{name}:proxy:losses"], axis=0)


def _proxy(arrays: Arrays) -> float:
    """The median over the steps of none's ``width`` divided by the median for batch norm."""
    return median(width(arrays, "none")) / median(width(arrays, "active"))


def _measure(arrays: Arrays) -> float:
    """The median of the source's own variation for none, divided by the median for batch norm.

    The medians are over the recorded steps that are compared.
    """
    of_none, of_active = (
        median(arrays[f"{name}:rate:variation"][compared(arrays, f"{name}:rate")]) for name in PAIR
    )
    return of_none / of_active


def _distances(arrays: Arrays) -> float:
    of_none, of_active = (median(arrays[f"{name}:proxy:distances"]) for name in PAIR)
    return of_none / of_active


#: There is no band, since nothing is claimed about a proxy.
OBSERVATIONS = (
    Observation(
        "popular_proxy.proxys_variation_of_none_over_batch_norm",
        says="The median range of the losses over the proxy's four rates without batch norm "
        "divided by the median range with batch norm.",
        link="log",
        band=None,
        measure=_proxy,
    ),
    Observation(
        "popular_proxy.measured_variation_of_none_over_batch_norm",
        says="The median loss variation by the source's own measure without batch norm divided by "
        "the median with batch norm.",
        link="log",
        band=None,
        measure=_measure,
    ),
    Observation(
        "popular_proxy.proxys_predictiveness_of_none_over_batch_norm",
        says="The median distance of consecutive gradients of the last layer without batch "
        "norm divided by the median with batch norm, in the proxy's trainings.",
        link="log",
        band=None,
        measure=_distances,
    ),
)
