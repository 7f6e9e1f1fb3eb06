"""Training goes on after batch norm has been frozen, before the activation and after it: do the
means that batch norm had removed, the leading eigenvalue and the instability return? At the rate at
which training stood the net frozen before the activation gets lost, the one frozen after it and the
nets with batch norm do not. At a smaller rate, at which all train, the means of the frozen layers'
inputs drift off the constants that they were frozen at, in a few epochs by less than a hundredth of
their variance: too little for the curvature to return where batch norm stands after the activation.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.backend import to_host
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.images import require
from deepnet.experiments.page2019.shared import measures, protocol
from deepnet.experiments.page2019.shared.continued import Onwards, onwards
from deepnet.experiments.page2019.shared.protocol import Name
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.nets.modes import Frozen, RecordingStatistics
from deepnet.training import SGD, State, evaluate

VERSION = 2
SOURCE = cite("page2019", "batch norm after the activation", "beyond the post")
NETS: tuple[Name, ...] = ("active", "active_after", "frozen", "frozen_after")
RULE = SGD(momentum=0.9, nesterov=True, decay=1e-4)


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's; at which small rate training goes on, and for how many epochs.

    The leading eigenvalue alone is wanted: half as many images and a few products will do.
    """
    return protocol.configuration(scale) | {
        "examples": scale.pick(16, 256, 20_480),
        "onwards": scale.pick(1, 2, 5),
        "small_rate": scale.pick(0.05, 0.2, 0.8),
        "products": scale.pick(4, 15, 60),
    }


def run(context: Context) -> Arrays:
    """For each net, at each rate: what ``_going_on`` says, and the rates themselves."""
    config = context.config
    require(context.data, config["examples"])
    rates = {"own": own_rate(config), "small": config["small_rate"]}
    arrays: Arrays = {f"rate:{name}": np.array(rate) for name, rate in rates.items()}
    for name in NETS:
        for kind, rate in rates.items():
            compute = partial(_going_on, name, rate, kind == "small", context)
            measured = context.stage(f"{name}-{kind}", compute)
            arrays |= {f"{name}:{kind}:{quantity}": array for quantity, array in measured.items()}
    return arrays


def own_rate(config: Mapping[str, Any]) -> float:
    """The rate at which the protocol's training of the nets with batch norm stops."""
    epochs = config["epochs"]
    return float(config["peak_active"] * (epochs - config["stop"]) / (epochs - epochs / 5))


def _going_on(name: Name, rate: float, closely: bool, context: Context) -> Arrays:
    """{accuracy: (steps,)} on the batches; looked at ``closely``, after each epoch from the 0th on
    also {eigenvalue, drift, test_accuracy: (epochs + 1,)}."""
    net = protocol.net(name, context)
    epochs = context.config["onwards"] if closely else 1
    plan = Onwards(rate=rate, rule=RULE, epochs=epochs, batch=context.config["batch"])
    states = list(onwards(net, plan, context))
    arrays = {
        "accuracy": np.array(states[-1].records["accuracy"]),
        "lost": np.array(states[-1].diverged),
    }
    if closely:
        nets = [replace(net, state=state) for state in (net.state, *states)]
        arrays["eigenvalue"] = np.array([measures.leading(later, context) for later in nets])
        arrays["drift"] = np.array([_drift(later, net.state, context) for later in nets])
        scores = [evaluate(later.problem, later.state, context.data) for later in nets]
        arrays["test_accuracy"] = np.array([score.accuracy for score in scores])
    return arrays


def _drift(net: Trained, reference: State, context: Context) -> float:
    """Squared distance of the means of the normed layers' inputs from those of the statistics
    ``reference``, in their variances, averaged over all channels; with batch norm active it is
    that of the net's own running statistics now, by which it would be frozen now."""
    statistics = (reference if isinstance(net.problem.norm, Frozen) else net.state).statistics
    seen: dict[str, Any] = {}
    norm = RecordingStatistics(Frozen(statistics), seen.__setitem__)
    whole = context.changed(examples_batch=context.config["examples"])
    ((x, _),) = protocol.batches(net, whole).data
    net.problem.with_norm(norm).outputs(net.state.weights, x)
    squares = [
        (to_host(seen[layer][0]) - mean) ** 2 / variance
        for layer, (mean, variance) in to_host(statistics).items()
    ]
    return float(np.concatenate(squares).mean())


def _accuracy(name: str) -> Measure:
    """The share of images classified rightly in the last quarter of an epoch at the own rate."""

    def accuracy(arrays: Arrays) -> float:
        right = arrays[f"{name}:own:accuracy"]
        return 0.0 if arrays[f"{name}:own:lost"] else float(right[-(len(right) // 4) :].mean())

    return accuracy


def _quotient(above: str, below: str) -> Measure:
    """The leading eigenvalue of ``above`` over that of ``below``, each "net, epoch"."""

    def eigenvalue(arrays: Arrays, moment: str) -> float:
        name, _, epoch = moment.partition(", ")
        return float(arrays[f"{name}:small:eigenvalue"][0 if epoch == "before" else -1])

    return lambda arrays: eigenvalue(arrays, above) / eigenvalue(arrays, below)


#: Constant outputs are right for one image in ten. The bands of the eigenvalues say "an order of
#: magnitude" and "not twice as large as when it was frozen"; the null of the last is what freezing
#: itself does to it.
OBSERVATIONS = (
    Observation(
        "after_freezing.before_activation_is_lost",
        band=(0, 0.2),
        measure=_accuracy("frozen"),
        null=_accuracy("active"),
    ),
    Observation(
        "after_freezing.after_activation_trains",
        band=(0.5, 1),
        measure=_accuracy("frozen_after"),
        null=_accuracy("frozen"),
    ),
    Observation(
        "after_freezing.curvature_stays_large",
        band=(5, 100),
        measure=_quotient("frozen, after", "active, after"),
        null=_quotient("active_after, after", "active, after"),
    ),
    Observation(
        "after_freezing.curvature_does_not_return_at_once",
        band=(0, 2),
        measure=_quotient("frozen_after, after", "frozen_after, before"),
        null=_quotient("frozen_after, before", "active_after, before"),
    ),
)
