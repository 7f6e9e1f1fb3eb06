"""The largest learning rate that the leading eigenvalue allows is compared with the rate at which
training really gets lost. The nets are half-way through training, and training goes on from there.
The eigenvalue belongs to the Hessian of the mean loss. The rules are plain descent, the heavy ball
and Nesterov's rule. A net gets lost if it is no better than chance after an epoch at the rate. The
prediction is for descent on a quadratic, so it says where the loss must rise. A net may survive
some rates above the prediction by moving to where the curvature is smaller.
"""

from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.images import require
from deepnet.experiments.outcome import by_last_quarter
from deepnet.experiments.page2019.shared import measures, protocol
from deepnet.experiments.page2019.shared.continued import Onwards, onwards
from deepnet.experiments.page2019.shared.protocol import NETS, HalfWay
from deepnet.experiments.store import Arrays
from deepnet.training import SGD
from theory import quadratic

VERSION = 2
SOURCE = cite("page2019", "leading eigenvalues of the Hessian", "beyond the post")
MOMENTUM = 0.9
RULES = {
    "plain": SGD(decay=1e-4),
    "heavy_ball": SGD(momentum=MOMENTUM, decay=1e-4),
    "nesterov": SGD(momentum=MOMENTUM, nesterov=True, decay=1e-4),
}


def configuration(scale: Scale) -> dict[str, Any]:
    """The entries of ``measures.configuration`` and these:

    - ``trial`` is the number of epochs of each trial.
    - ``octaves`` and ``halvings`` say how rates are searched. The rates are the predicted rate
      times powers of 2, from 1/2 up to 2^``octaves``. The interval between the last rate that
      trains and the first that is lost is then halved ``halvings`` times on a logarithmic scale.
    """
    return measures.configuration(scale) | {
        "trial": scale.pick(1, 1, 1),
        "octaves": scale.pick(1, 4, 6),
        "halvings": scale.pick(0, 1, 2),
    }


def predicted(eigenvalue: float) -> dict[str, float]:
    """The largest rate of each rule on a quadratic loss of this curvature (quadratic.max_rate).

    The rate is inf if the curvature is not positive.
    """
    if eigenvalue <= 0:
        return dict.fromkeys(RULES, np.inf)
    R = [[eigenvalue]]
    return {
        "plain": float(quadratic.max_rate(R=R)),
        "heavy_ball": float(quadratic.max_rate_heavy_ball(R=R, beta=MOMENTUM)),
        "nesterov": float(quadratic.max_rate_nesterov(R=R, beta=MOMENTUM)),
    }


def run(context: Context) -> Arrays:
    """Search the rate at which each net gets lost under each rule.

    - ``<net>:eigenvalue`` is the leading eigenvalue.
    - ``<net>:<rule>:predicted`` is the largest rate that it allows.
    - ``<net>:<rule>:trains`` is the largest rate below ``lost`` that trains, 0 if none does.
    - ``<net>:<rule>:lost`` is the smallest rate above ``trains`` that is lost, inf if none is.
    - ``<net>:<rule>:tried`` (trials, 2) holds each rate tried, and 1 if it was lost, else 0.
    """
    require(context.data, context.config["examples"])
    arrays: Arrays = {}
    for name, net in protocol.half_way(NETS, context).items():
        value = float(measures.eigenpairs(net)["eigenvalues"][0])
        arrays[f"{name}:eigenvalue"] = np.array(value)
        for rule, rate in predicted(value).items():
            search = partial(_search, net, rule, rate)
            rates = context.stage(f"{name}-{rule}", search)
            arrays |= {f"{name}:{rule}:{quantity}": array for quantity, array in rates.items()}
    return arrays


def _search(of: HalfWay, rule: str, rate: float) -> Arrays:
    config, norm = of.context.config, "none" if of.name == "none" else "active"
    start = rate if np.isfinite(rate) else config[f"peak_{norm}"]
    tried: dict[float, bool] = {}

    def gone(times: float) -> bool:
        tried[times] = _gone(of, rule, times * start)
        return tried[times]

    trains, first_lost = bracket(gone, config["octaves"], config["halvings"])
    return {
        "predicted": np.array(rate),
        "trains": np.array(trains * start),
        "lost": np.array(first_lost * start),
        "tried": np.array([(times * start, was) for times, was in tried.items()]),
    }


def bracket(gone: Any, octaves: int, halvings: int) -> tuple[float, float]:
    """(largest number that is not ``gone``, smallest number above it that is ``gone``).

    >>> bracket(lambda x: x > 3, octaves=6, halvings=0)
    (2.0, 4.0)

    Numbers are tried by factors of 2 from 1/2. The first result is 0 if 1/2 is gone already. The
    second is inf if no number up to 2^octaves is gone. Otherwise ``halvings`` halvings of the
    interval follow, on a logarithmic scale.
    """
    good, bad, times = 0.0, np.inf, 0.5
    while times <= 2**octaves and not gone(times):
        good, times = times, 2 * times
    if times <= 2**octaves:
        bad = times
    for _ in range(halvings if good > 0 and np.isfinite(bad) else 0):
        middle = float(np.sqrt(good * bad))
        good, bad = (good, middle) if gone(middle) else (middle, bad)
    return good, float(bad)


def _gone(of: HalfWay, rule: str, rate: float) -> bool:
    context, config = of.context, of.context.config
    plan = Onwards(rate=rate, rule=RULES[rule], epochs=config["trial"], batch=config["batch"])
    *_, last = onwards(of.net, plan, context)
    return bool(by_last_quarter(last, context.data.classes, config["batch"]))


def _survives(name: str, other: str) -> Measure:
    """The rate that ``name`` survives divided by ``other``'s, under Nesterov's rule."""

    def rate(arrays: Arrays, net: str) -> float:
        """The largest rate that trains, or half the smallest rate tried if none trains."""
        return float(arrays[f"{net}:nesterov:trains"] or arrays[f"{net}:nesterov:lost"] / 2)

    return lambda arrays: rate(arrays, name) / rate(arrays, other)


def _beyond(name: str, predicted_from: str) -> Measure:
    """The rate at which ``name`` gets lost divided by the predicted rate.

    The result is the geometric mean over the rules. The rate at which a net gets lost is the
    middle, on a logarithmic scale, between the last rate that trains and the first that is lost.
    The prediction takes the eigenvalue of ``predicted_from``.
    """

    def beyond(arrays: Arrays) -> float:
        logs = []
        for rule in RULES:
            limits = [float(arrays[f"{name}:{rule}:{which}"]) for which in ("trains", "lost")]
            prediction = predicted(float(arrays[f"{predicted_from}:eigenvalue"]))[rule]
            logs.append(np.log(np.maximum(limits, 1e-300)).mean() - np.log(prediction))
        return float(np.exp(np.mean(logs)))

    return beyond


#: The prediction is for a quadratic. The bands say that the nets get lost above it, by three
#: octaves at most, since they can move to where the curvature is smaller. The null takes the
#: curvature of the net with batch norm in place of the net's own.
OBSERVATIONS = (
    Observation(
        "stability_ledger.frozen_over_predicted",
        says="The net whose batch norm is frozen gets lost at 1 to 8 times the learning rate that "
        "the largest eigenvalue allows, on average over three rules.",
        link="log",
        band=(1, 8),
        measure=_beyond("frozen", "frozen"),
        null=_beyond("frozen", "active"),
        about=(quadratic.max_rate, quadratic.max_rate_heavy_ball, quadratic.max_rate_nesterov),
    ),
    Observation(
        "stability_ledger.none_over_predicted",
        says="The net without batch norm gets lost at 1 to 8 times the learning rate that the "
        "largest eigenvalue allows, on average over three rules.",
        link="log",
        band=(1, 8),
        measure=_beyond("none", "none"),
        null=_beyond("none", "active"),
        about=(quadratic.max_rate, quadratic.max_rate_heavy_ball, quadratic.max_rate_nesterov),
    ),
    Observation(
        "stability_ledger.active_over_frozen",
        says="The net with batch norm trains at learning rates at least 5 times as large as the "
        "net whose batch norm is frozen, under Nesterov's rule.",
        link="log",
        band=(5, float("inf")),
        measure=_survives("active", "frozen"),
        null=_survives("none", "frozen"),
        stated="after",
        was="The largest rate of a net that trains at no rate was 0.",
        why="The quotient of two such nets is no number.",
    ),
)
