"""Training goes on after batch norm has been frozen, and the instability returns at once only where
batch norm stands before the activation. Four nets are compared: with active and with frozen batch
norm, each before and after the activation. The questions are whether three things return: the means
that batch norm had removed, the large leading eigenvalue, and the instability. At the rate at which
training stood, the net frozen before the activation gets lost. The net frozen after the activation
and the nets with active batch norm do not. At a smaller rate all nets train. The means of the
frozen layers' inputs then drift off the constants at which they were frozen. In a few epochs the
squared drift is less than a hundredth of the variance. This is too little for the curvature to
return where batch norm stands after the activation.
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
    """The entries of the protocol, ``small_rate`` and ``onwards``.

    - ``small_rate`` is the smaller of the two rates at which training goes on.
    - ``onwards`` is the number of epochs at this rate.
    - ``examples`` is half of the protocol's number, except at ``full``.
    - ``products`` is small: only the leading eigenvalue is wanted.
    """
    return protocol.configuration(scale) | {
        "examples": scale.pick(16, 256, 20_480),
        "onwards": scale.pick(1, 2, 5),
        "small_rate": scale.pick(0.05, 0.2, 0.8),
        "products": scale.pick(4, 15, 60),
    }


def run(context: Context) -> Arrays:
    """The arrays of ``_going_on`` for each net at each rate, and the rates themselves.

    They are named "<net>:<own or small>:<quantity>" and "rate:<own or small>".
    """
    config = context.config
    require(context.data, config["examples"])
    rates = {"own": own_rate(config), "small": config["small_rate"]}
    arrays: Arrays = {f"rate:{name}": np.array(rate) for name, rate in rates.items()}
    for name in NETS:
        net = protocol.net(name, context)
        for kind, rate in rates.items():
            compute = partial(_going_on, net, rate, kind == "small", context)
            measured = context.stage(f"{name}-{kind}", compute)
            arrays |= {f"{name}:{kind}:{quantity}": array for quantity, array in measured.items()}
    return arrays


def own_rate(config: Mapping[str, Any]) -> float:
    """The rate at which the protocol's training of the nets with batch norm stops."""
    epochs = config["epochs"]
    return float(config["peak_active"] * (epochs - config["stop"]) / (epochs - epochs / 5))


def _going_on(net: Trained, rate: float, closely: bool, context: Context) -> Arrays:
    """Train the ``net`` on at ``rate``, and measure it.

    - ``accuracy`` (steps,) is the accuracy on each batch.
    - ``lost`` says whether training diverged.

    If ``closely``, training takes ``onwards`` epochs, otherwise one. The following arrays are then
    added, each (epochs + 1,), with one entry before the first epoch and one after each epoch:
    - ``eigenvalue`` is the leading eigenvalue of the Hessian.
    - ``drift`` is the result of ``_drift``.
    - ``test_accuracy`` is the accuracy on the test images.
    """
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
    """Mean over all channels of (current input mean - reference mean)^2 / reference variance.

    The input mean is taken for the inputs of the normed layers. If batch norm is frozen, the
    reference mean and variance are the statistics of the state ``reference``. If batch norm is
    active, they are the net's current running statistics, with which it would be frozen now.
    """
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
    """The share of images classified rightly in the last quarter of an epoch at the own rate.

    The share is 0 if training diverged.
    """

    def accuracy(arrays: Arrays) -> float:
        right = arrays[f"{name}:own:accuracy"]
        return 0.0 if arrays[f"{name}:own:lost"] else float(right[-(len(right) // 4) :].mean())

    return accuracy


def _quotient(above: str, below: str) -> Measure:
    """The leading eigenvalue of ``above`` divided by the leading eigenvalue of ``below``.

    Each is "<net>, <before or after>": before or after the training at the small rate.
    """

    def eigenvalue(arrays: Arrays, moment: str) -> float:
        name, _, epoch = moment.partition(", ")
        return float(arrays[f"{name}:small:eigenvalue"][0 if epoch == "before" else -1])

    return lambda arrays: eigenvalue(arrays, above) / eigenvalue(arrays, below)


OUTCOME = "The commit that states the band also tells the outcome of the runs."
#: Constant outputs are right for one image in ten. The third band says "an order of magnitude". The
#: last band says "not twice as large as when it was frozen". The null of the last observation is
#: the change of the eigenvalue by freezing itself.
OBSERVATIONS = (
    Observation(
        "after_freezing.before_activation_is_lost",
        says="The net whose batch norm is frozen before the activation has an accuracy of at most "
        "0.2 in the last quarter of an epoch at the old rate.",
        bounds=(0, 1),
        band=(0, 0.2),
        measure=_accuracy("frozen"),
        null=_accuracy("active"),
        stated="after",
        why=OUTCOME,
    ),
    Observation(
        "after_freezing.after_activation_trains",
        says="The net whose batch norm is frozen after the activation has an accuracy of at least "
        "0.5 in the last quarter of an epoch at the old rate.",
        link="logit",
        band=(0.5, 1),
        measure=_accuracy("frozen_after"),
        null=_accuracy("frozen"),
        stated="after",
        why=OUTCOME,
    ),
    Observation(
        "after_freezing.curvature_stays_large",
        says="The Hessian's largest eigenvalue is 5 to 100 times as large with batch norm frozen "
        "as with batch norm active, after training goes on at the small rate.",
        link="log",
        band=(5, 100),
        measure=_quotient("frozen, after", "active, after"),
        null=_quotient("active_after, after", "active, after"),
        stated="after",
        why=OUTCOME,
    ),
    Observation(
        "after_freezing.curvature_does_not_return_at_once",
        says="The Hessian's largest eigenvalue at most doubles by a few epochs at the small rate "
        "in the net whose batch norm is frozen after the activation.",
        link="log",
        band=(0, 2),
        measure=_quotient("frozen_after, after", "frozen_after, before"),
        null=_quotient("frozen_after, before", "active_after, before"),
        stated="after",
        was="The quotient lies in (0.5, 2). The null's numerator is the frozen net's.",
        why="The commit gives no reason. A fall below 0.5 does not speak against the statement.",
    ),
)
