"""One batch norm, before the classifier only, against batch norm throughout and none. It holds the
means of the outputs at zero, since the classifier has no bias: no step of the weights can make the
outputs constant, and the gradients of their means vanish. Its leading eigenvalue is small for that
reason, and it trains at rates at which the net without batch norm gets lost at once.
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
#: The rate's peak is the post's for the net with batch norm (high) or for that without (low).
RUNS: tuple[tuple[Kind, str], ...] = (
    ("throughout", "high"),
    ("classifier", "high"),
    ("nowhere", "high"),
    ("nowhere", "low"),
)
#: The run of each kind at which its curvature is measured.
LOOKED_AT: dict[Kind, str] = {"throughout": "high", "classifier": "high", "nowhere": "low"}


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's, stopped soon after the rate's peak; its spectra need one eigenvalue only."""
    return protocol.configuration(scale) | {
        "stop": scale.pick(2, 5, 10),
        "examples": scale.pick(16, 256, 20_480),
        "products": scale.pick(4, 20, 60),
    }


def run(context: Context) -> Arrays:
    """For each of ``RUNS`` {accuracy (steps,), lost, test_accuracy}; for those ``LOOKED_AT`` also
    {active, frozen: leading eigenvalues; mean_gradient: the squared length of the gradient of mean
    output 0}."""
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
    """The squared gradient of mean output 0 over that of the net without batch norm."""

    def mean(arrays: Arrays) -> float:
        low = float(arrays[f"nowhere:{LOOKED_AT['nowhere']}:mean_gradient"])
        return float(arrays[f"{kind}:{LOOKED_AT[kind]}:mean_gradient"]) / low

    return mean


def _accuracy(kind: Kind, peak: str) -> Measure:
    """The share of images classified rightly in the last quarter of the training."""

    def accuracy(arrays: Arrays) -> float:
        right = arrays[f"{kind}:{peak}:accuracy"]
        return 0.0 if arrays[f"{kind}:{peak}:lost"] else float(right[-(len(right) // 4) :].mean())

    return accuracy


#: The gradient vanishes to rounding: float32, squared. To train is to be far above chance, 0.1.
OBSERVATIONS = (
    Observation(
        "classifier_norm.means_are_held",
        band=(0, 1e-6),
        measure=_mean("classifier"),
        null=_mean("throughout"),
        about=(normalisation.standardisation,),
    ),
    Observation(
        "classifier_norm.trains_at_the_high_rate",
        band=(0.4, 1),
        measure=_accuracy("classifier", "high"),
        null=_accuracy("nowhere", "high"),
    ),
)
