"""The spectrum of the user's own data, and what it says of training: ``python -m sim inputs``.

R = XX'/p is the second-moment matrix of the inputs, C their covariance about the sample mean mu,
also with 1/p. Three ways to feed the data are compared: ``raw``, ``centred`` (x - mu) and
``standardised`` ((x - mu) / standard deviation; a constant column stays at zero).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, get_args

import numpy as np

from sim.inputs import independent
from sim.inputs.descent import LIMIT, Descent, most_steps
from sim.inputs.examples import Examples, Feed

#: The ways to feed the data, in the order of the reports.
FEEDS: tuple[Feed, ...] = get_args(Feed)
#: The share of the trace that ``condition_99`` keeps.
KEPT = 0.99


@dataclass(frozen=True)
class Report:
    """What is said of one way to feed the data, in the order of the JSON.

    ``outlier``: R's largest eigenvalue as ``measured``, between its exact bounds ``lower``
    |mu|^2 + u'Cu (u = mu/|mu|; where mu = 0 the mean variance stands for u'Cu) and ``upper``
    |mu|^2 + lambda_max(C), beside its limit for ``independent`` inputs of the same means and
    variances. ``bulk``: the edges of such inputs' limit spectrum (``sim.inputs.independent``).

    ``condition``: the largest eigenvalue over the smallest that is not zero, where those up to
    max(N, p) eps times the largest count as zero; ``condition_99``: the same over the fewest
    directions that hold 99 % of the trace. ``rate``: ``largest`` is the limit of stability
    2/lambda_max, ``best`` is 2/(lambda_max + lambda_min).

    ``steps``: ``predicted`` has the loss at the ``start`` (W = 0) and its ``minimum``; for each
    rate the ``steps`` until a millionth of their difference is left, and the ``loss`` after as many
    steps as were run; and for ``condition`` and ``condition_99`` the steps after which at most a
    millionth is left in each of their directions, at the best rate for these. ``run`` has, for each
    rate, the ``steps`` taken (10,000 at most) and the ``loss`` reached.

    Conditions, rates and steps are None where no input varies or differs from zero.
    """

    outlier: dict[str, float]
    bulk: tuple[float, float]
    condition: float | None
    condition_99: float | None
    rate: dict[str, float | None]
    steps: dict[str, dict[str, Any] | None]
    constant_columns: list[int]
    eigenvalues: np.ndarray = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it; the eigenvalues, ascending and not zero, are not in it."""
        names = [each.name for each in fields(self) if each.name != "eigenvalues"]
        return {name: getattr(self, name) for name in names}


def analyse(
    table: np.ndarray, labels: np.ndarray | None = None, seed: int = 0, limit: int = LIMIT
) -> dict[Feed, Report]:
    """The reports on a p x N ``table`` (one example per row) by way to feed it; see ``reports``."""
    by_feed = dict(reports(table, labels, seed, limit))
    return {feed: by_feed[feed] for feed in FEEDS}


def reports(
    table: np.ndarray, labels: np.ndarray | None = None, seed: int = 0, limit: int = LIMIT
) -> Iterator[tuple[Feed, Report]]:
    """The three reports as they are done: the centred one first, which the raw one needs.

    The target is ``labels``, or the outputs of a planted neuron that is fed the raw data, its
    weights a direction drawn with ``seed``; descent takes ``limit`` steps at most.
    Raises UsageError where the table cannot be used.
    """
    examples = Examples(table)
    if labels is None:
        planted: np.ndarray = np.random.default_rng(seed).standard_normal((examples.features,))
        target = examples.outputs(planted / np.linalg.norm(planted))
    else:
        target = np.asarray(labels, float)
    covariance_top = 0.0
    for feed in ("centred", "raw", "standardised"):
        descent = examples.descent(feed, target)
        if feed == "centred":
            covariance_top = _top(descent)
        upper = covariance_top if feed == "raw" else _top(descent)
        _, variances = examples.fed(feed)
        report = Report(
            outlier=_outlier(examples, feed, _top(descent), upper),
            bulk=independent.bulk(variances, examples.count),
            constant_columns=examples.constant.tolist(),
            eigenvalues=descent.eigenvalues,
            **_training(descent, limit),
        )
        yield feed, report


def _top(descent: Descent) -> float:
    return float(descent.eigenvalues[-1]) if len(descent.eigenvalues) else 0.0


def _outlier(
    examples: Examples, feed: Feed, measured: float, covariance_top: float
) -> dict[str, float]:
    mean, variances = examples.fed(feed)
    square = float(mean @ mean)
    if square > 0:
        spread = float(np.mean(examples.outputs(mean / np.sqrt(square), shift=mean) ** 2))
    else:
        spread = float(variances.sum() / max(np.count_nonzero(variances), 1))
    return {
        "lower": square + spread,
        "measured": measured,
        "upper": square + covariance_top,
        "independent": independent.largest(mean, variances, examples.count),
    }


def _training(descent: Descent, limit: int) -> dict[str, Any]:
    """The parts of a ``Report`` that follow from the eigenvalues and the target."""
    values = descent.eigenvalues
    if len(values) == 0:
        return {
            "condition": None,
            "condition_99": None,
            "rate": {"largest": None, "best": None},
            "steps": {"predicted": None, "run": None},
        }
    share = np.cumsum(values[::-1]) / values.sum()
    main = values[-1 - int(np.searchsorted(share, KEPT)) :]
    rates = {"largest": descent.largest_rate, "best": descent.best_rate}
    run, predicted = {}, {}
    for name, rate in rates.items():
        taken, loss = descent.run(rate, limit)
        run[name] = {"steps": taken, "loss": loss}
        predicted[name] = {
            "steps": descent.predicted_steps(rate),
            "loss": descent.predicted_loss(rate, taken),
        }
    return {
        "condition": float(values[-1] / values[0]),
        "condition_99": float(main[-1] / main[0]),
        "rate": rates,
        "steps": {
            "predicted": {
                "start": descent.at_start,
                "minimum": descent.minimum,
                **predicted,
                "condition": most_steps(values),
                "condition_99": most_steps(main),
            },
            "run": run,
        },
    }
