"""A single batch norm before the classifier lets the net train at rates at which the net without
batch norm gets lost at once. It is compared with batch norm throughout and with no batch norm. It
holds the means of the outputs at zero, since the classifier has no bias. No step of the weights can
then make the outputs constant, and the gradients of their means vanish. The net's leading
eigenvalue is small for that reason.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.curvature import moment_gradients
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.images import require
from deepnet.experiments.outcome import by_last_quarter
from deepnet.experiments.page2019.shared import measures, protocol
from deepnet.experiments.page2019.shared.nets import Recipe, trained
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.training import evaluate
from theory import normalisation

VERSION = 2
SOURCE = cite("page2019", "the origin of the instability", "beyond the post")
#: Where batch norm stands.
Kind = Literal["throughout", "classifier", "nowhere"]
#: Each run's place of batch norm and peak rate. The "high" peak is the post's for the net with
#: batch norm, the "low" peak is the post's for the net without.
RUNS: tuple[tuple[Kind, str], ...] = (
    ("throughout", "high"),
    ("classifier", "high"),
    ("nowhere", "high"),
    ("nowhere", "low"),
)
#: The peak rate of the run of each kind whose curvature is measured.
LOOKED_AT: dict[Kind, str] = {"throughout": "high", "classifier": "high", "nowhere": "low"}


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of the protocol. Only one eigenvalue is needed, so that few products suffice.

    ``quick`` stops training soon after the peak of the rate.
    """
    return protocol.configuration(scale) | {
        "stop": scale.pick(2, 5, 10),
        "examples": scale.pick(16, 256, 20_480),
        "products": scale.pick(4, 20, 60),
    }


def run(context: Context) -> Arrays:
    """Train the nets of ``RUNS``, and measure the curvature of the runs in ``LOOKED_AT``.

    For each "<kind>:<peak>":
    - ``accuracy`` (steps,) is measured on the batches, ``test_accuracy`` after training.
    - ``lost`` says whether the net got lost.

    The runs in ``LOOKED_AT`` have two more:
    - ``active`` and ``frozen`` are the leading eigenvalues with batch norm active and frozen.
    - ``mean_gradient`` is the squared length of the gradient of mean output 0.
    """
    require(context.data, context.config["examples"])
    arrays: Arrays = {}
    for kind, peak in RUNS:
        measured = context.stage(f"{kind}-{peak}", partial(_look, kind, peak, context))
        arrays |= {f"{kind}:{peak}:{quantity}": array for quantity, array in measured.items()}
    return arrays


def _look(kind: Kind, peak: str, context: Context) -> Arrays:
    config = context.config
    rate = config["peak_active" if peak == "high" else "peak_none"]
    net = trained(_recipe(kind, rate, config), context)
    outcome = by_last_quarter(net.state, context.data.classes, config["batch"])
    arrays = {
        "accuracy": np.array(net.state.records["accuracy"]),
        "lost": np.array(bool(outcome)),
        "test_accuracy": np.array(evaluate(net.problem, net.state, context.data).accuracy),
    }
    if LOOKED_AT[kind] == peak:
        arrays["active"] = np.array(measures.leading(net, context))
        arrays["frozen"] = np.array(measures.leading(net.frozen, context))
        arrays["mean_gradient"] = _mean_gradient(net, context)
    return arrays


def _recipe(kind: Kind, rate: float, config: Mapping[str, Any]) -> Recipe:
    norm: Literal["active", "none"] = "none" if kind == "nowhere" else "active"
    place: Literal["pre", "classifier"] = "classifier" if kind == "classifier" else "pre"
    epochs = config["epochs"]
    schedule = ((0.0, 0.0), (epochs / 5, rate), (float(epochs), 0.0))
    return replace(protocol.recipe(norm, config, place=place), schedule=schedule)


def _mean_gradient(net: Trained, context: Context) -> np.ndarray:
    gradients = moment_gradients(protocol.batches(net, context))["mean"]
    return np.asarray((gradients[0] ** 2).sum())


def _mean(kind: Kind) -> Measure:
    """The squared gradient of mean output 0, divided by its value without batch norm."""

    def mean(arrays: Arrays) -> float:
        low = float(arrays[f"nowhere:{LOOKED_AT['nowhere']}:mean_gradient"])
        return float(arrays[f"{kind}:{LOOKED_AT[kind]}:mean_gradient"]) / low

    return mean


def _accuracy(kind: Kind, peak: str) -> Measure:
    """The share of images classified rightly in the last quarter of the training.

    The share is 0 if the net got lost.
    """

    def accuracy(arrays: Arrays) -> float:
        right = arrays[f"{kind}:{peak}:accuracy"]
        return 0.0 if arrays[f"{kind}:{peak}:lost"] else float(right[-(len(right) // 4) :].mean())

    return accuracy


#: The gradient vanishes up to rounding: float32, squared. A net trains if it is far above chance,
#: 0.1.
OBSERVATIONS = (
    Observation(
        "classifier_norm.means_are_held",
        says="The squared gradient of the mean of output 0 is at most 1e-6 times as large with "
        "one batch norm before the classifier as without batch norm.",
        exact=True,
        band=(0, 1e-6),
        measure=_mean("classifier"),
        null=_mean("throughout"),
        about=(normalisation.standardisation,),
    ),
    Observation(
        "classifier_norm.trains_at_the_high_rate",
        says="The net with one batch norm before the classifier has an accuracy of at least 0.4 "
        "in the last quarter of the training at the high rate.",
        link="logit",
        band=(0.4, 1),
        measure=_accuracy("classifier", "high"),
        null=_accuracy("nowhere", "high"),
    ),
)
