"""Batch norm that is frozen before the first step does not replace active batch norm. Its constants
standardise every channel of the net at its random weights, as the post repairs the initialisation.
No statistics of a batch are used after that. At the rates of the net without batch norm, the frozen
net starts better than the net without batch norm. But the means of its channels drift, batch norm's
rates destroy it, and its Hessian is large, as without batch norm.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.backend import to_host
from deepnet.experiments.by_epoch import by_epoch
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.images import require
from deepnet.experiments.page2019.shared import measures, protocol
from deepnet.experiments.page2019.shared.conclusions import conclusions
from deepnet.experiments.page2019.shared.nets import Recipe, trained
from deepnet.experiments.reasons import FAR_OUTSIDE, NEVER_INSIDE
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.nets.modes import Frozen, NoNorm, RecordingStatistics
from deepnet.training import evaluate, piecewise_linear

VERSION = 3
SOURCE = cite("page2019", "As far as initialisation is concerned, frozen batch norm works as well")
NETS = ("active", "frozen", "none")


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol, with fewer examples and products, and ``epochs_too_fast``.

    ``epochs_too_fast`` is the number of epochs of the frozen net at batch norm's rates. To save
    time, ``quick`` measures on one batch of 256 images with at most 15 products.
    """
    return protocol.configuration(scale) | {
        "epochs_too_fast": scale.pick(1, 2, 2),
        "examples": scale.pick(16, 256, 2560),
        "examples_batch": scale.pick(16, 256, 256),
        "products": scale.pick(3, 15, 50),
    }


def recipes(config: Mapping[str, Any]) -> dict[str, Recipe]:
    """The training of each net.

    The net frozen from the start is trained like the net without batch norm. Only the frozen
    constants are added.
    """
    active, none = protocol.recipe("active", config), protocol.recipe("none", config)
    frozen = replace(none, norm="frozen", after=replace(active, epochs=0))
    return {"active": active, "frozen": frozen, "none": none}


def run(context: Context) -> Arrays:
    """Train the three nets, and measure accuracies, top eigenvalues and the channels' means.

    For each net:
    - ``accuracy`` (epochs,) is measured on the batches, ``test_accuracy`` after training.
    - ``diverged`` says whether training ended in inf or nan.
    - ``rate`` is the learning rate at the end of training.
    - ``top`` is the top eigenvalue there, and ``residual`` its error (see ``conclusions``).
    - ``means_before`` and ``means`` (layers + 1,) are ``shares_of_means`` on test images, of the
      untrained net and of the trained net.

    For the net that is frozen from the start:
    - ``frozen_too_fast:accuracy`` (steps,) holds its accuracies at batch norm's rates. It covers
      the last steps that were made, one epoch's worth.
    - ``frozen_elsewhere:top`` is its top eigenvalue on other images.

    ``active_before:top`` is the top eigenvalue of the net with batch norm before training.
    """
    config = context.config
    require(context.data, 2 * config["examples"])
    by_net, steps = recipes(config), len(context.data.x_train) // config["batch"]
    nets = {name: trained(recipe, context) for name, recipe in by_net.items()}
    x = context.data.normalised(context.data.x_test[: config["examples"]])
    arrays: Arrays = {}
    for name, recipe in by_net.items():
        net, before = nets[name], trained(replace(recipe, epochs=0), context)
        score = evaluate(net.problem, net.state, context.data)
        measured = conclusions(net, context)
        arrays |= {
            f"{name}:accuracy": by_epoch(net.state, "accuracy"),
            f"{name}:diverged": np.array(net.state.diverged),
            f"{name}:test_accuracy": np.array(score.accuracy),
            f"{name}:rate": np.array(piecewise_linear(*recipe.schedule)(recipe.epochs)),
            f"{name}:top": measured["top"],
            f"{name}:residual": measured["residual"],
            f"{name}:means_before": shares_of_means(before, x),
            f"{name}:means": shares_of_means(net, x),
        }
    elsewhere = conclusions(nets["frozen"], context, start=config["examples"])
    untrained = conclusions(trained(replace(by_net["active"], epochs=0), context), context)
    too_fast = replace(
        by_net["frozen"], schedule=by_net["active"].schedule, epochs=config["epochs_too_fast"]
    )
    records = trained(too_fast, context).state.records
    return arrays | {
        "frozen_elsewhere:top": elsewhere["top"],
        "active_before:top": untrained["top"],
        "frozen_too_fast:accuracy": np.array(records["accuracy"][-steps:]),
    }


def shares_of_means(net: Trained, x: np.ndarray) -> np.ndarray:
    """The share of the channels' means in the mean square of each activation's input.

    The result (layers + 1,) is sum m^2 / sum (m^2 + v) for the channels' means m and variances v.
    The last entry belongs to the outputs. A layer with active batch norm has the share 0. The share
    is 1 where no channel depends on the input ``x``.
    """
    norm, normed = net.problem.norm, net.problem.net.normed
    seen: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    if isinstance(norm, NoNorm):
        norm = Frozen({name: _identity(net, name) for name in normed}, eps=norm.eps)
    recording = net.problem.with_norm(RecordingStatistics(norm, seen.__setitem__))
    outputs, seen = to_host((recording.outputs(net.state.weights, x), seen))
    shares = []
    for name in normed:
        mean, variance = seen[name]
        centre, square = norm.constants().get(name, seen[name])
        scale = square + norm.eps
        shares.append(_share((mean - centre) ** 2 / scale, variance / scale))
    return np.array([*shares, _share(outputs.mean(0) ** 2, outputs.var(0))], dtype=float)


def _identity(net: Trained, layer: str) -> tuple[np.ndarray, np.ndarray]:
    """Statistics with which frozen batch norm changes nothing."""
    channels = net.problem.net.shapes[layer][0]
    zero = np.zeros(channels, net.state.weights[layer].dtype)
    return zero, zero + 1 - net.problem.norm.eps


def _share(squares: np.ndarray, variances: np.ndarray) -> float:
    return float(np.sum(squares) / np.sum(squares + variances))


def _most(quantity: str, name: str) -> Measure:
    """The greatest share of the means over the normalised layers."""
    return lambda arrays: float(arrays[f"{name}:{quantity}"][:-1].max())


def _same_mode(arrays: Arrays) -> float:
    """Null: how far two top eigenvalues are apart for one mode of batch norm, at most.

    The active net is compared before and after training, the frozen net on two sets of images.
    """
    pairs = (("active_before", "active"), ("frozen_elsewhere", "frozen"))
    return max(measures.apart(*(float(arrays[f"{name}:top"]) for name in pair)) for pair in pairs)


#: If the means drift by a third of a standard deviation, their share becomes 0.1. The nulls, in
#: order:
#: - the net without batch norm before training
#: - the frozen net before training, on the same test images
#: - what training and other images change of the top eigenvalue while batch norm keeps its mode
#: - active batch norm at the same rates
OBSERVATIONS = (
    Observation(
        "frozen_from_start.means_at_start",
        says="The channels' means hold at most 0.1 of the mean square of each activation's input "
        "in the untrained net whose batch norm is frozen from the start.",
        link="logit",
        band=(0, 0.1),
        measure=_most("means_before", "frozen"),
        null=_most("means_before", "none"),
    ),
    Observation(
        "frozen_from_start.drift_of_means",
        says="The channels' means hold at least 0.1 of the mean square of at least one "
        "activation's input in the trained net whose batch norm is frozen from the start.",
        link="logit",
        band=(0.1, 1),
        measure=_most("means", "frozen"),
        null=_most("means_before", "frozen"),
        stated="after",
        was="The null was the share of the means with active batch norm, just after it.",
        why=NEVER_INSIDE,
    ),
    Observation(
        "frozen_from_start.top_eigenvalue_over_active",
        says="The Hessian's largest eigenvalue after training is 4 to 400 times as large with "
        "batch norm frozen from the start as with batch norm active.",
        link="log",
        band=(4, 400),
        measure=lambda arrays: float(arrays["frozen:top"] / arrays["active:top"]),
        null=_same_mode,
        stated="after",
        was=measures.OTHER_IMAGES,
        why=FAR_OUTSIDE,
    ),
    Observation(
        "frozen_from_start.accuracy_too_fast",
        says="The net whose batch norm is frozen from the start has an accuracy of at most 0.2 in "
        "the last epoch at the rates of the net with batch norm.",
        link="logit",
        band=(0, 0.2),
        measure=lambda arrays: float(arrays["frozen_too_fast:accuracy"].mean()),
        null=lambda arrays: float(arrays["active:accuracy"][:2][-1]),
    ),
)
