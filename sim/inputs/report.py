"""The spectrum of the user's own data says something about training: ``python -m sim inputs``.

R = XX'/p is the second-moment matrix of the inputs. C is their covariance about the sample mean mu,
also with 1/p. Three ways to feed the data are compared: ``raw``, ``centred`` (x - mu) and
``standardised`` ((x - mu) / standard deviation, where a constant column stays at zero).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any, get_args

import numpy as np

from sim.inputs import independent
from sim.inputs.descent import LIMIT, Descent, most_steps
from sim.inputs.examples import Examples, Feed
from sim.inputs.reduced import Reduction, Target

#: The ways to feed the data, in the order of the reports.
FEEDS: tuple[Feed, ...] = get_args(Feed)
#: The share of the trace that ``condition_99`` keeps.
KEPT = 0.99
#: The number of digits that are printed of an eigenvalue.
PRINTED = 6


@dataclass(frozen=True)
class Report:
    """The report on one way to feed the data, in the order of the JSON.

    ``outlier``: ``measured`` is R's largest eigenvalue. Its exact bounds are ``lower`` |mu|^2 +
    u'Cu with u = mu/|mu|, and ``upper`` |mu|^2 + lambda_max(C). Where mu = 0 the mean variance
    stands for u'Cu. ``independent`` is its limit for independent inputs of equal means and
    variances.

    ``bulk``: the edges of the limit spectrum of such inputs (``sim.inputs.independent``).

    ``condition``: the largest eigenvalue over the smallest that is not zero. ``condition_99`` is
    taken over the fewest directions that hold 99 % of the trace.

    ``rate``: ``largest`` is the limit of stability 2/lambda_max, ``best`` is 2/(lambda_max +
    lambda_min).

    ``steps``: ``predicted`` has the loss at the ``start`` (W = 0) and its ``minimum``. For each
    rate it has the ``steps`` until a millionth of their difference is left, and the ``loss`` after
    the number of steps that were run. For ``condition`` and ``condition_99`` it has the number of
    steps after which at most a millionth is left in each of their directions, at the best rate for
    these. ``run`` has, for each rate, the ``steps`` taken (10,000 at most) and the ``loss`` at the
    end.

    ``rounding``: ``lost`` directions count as zero. Their singular values are at most max(N, p) eps
    times the largest, after each column was divided by its length where p > N. ``digits`` is about
    the number of digits that rounding leaves of the smallest eigenvalue that is not zero.

    ``eigenvalues``: those that are not zero, ascending.

    Conditions, rates and steps are None where no input varies or differs from zero.
    """

    outlier: dict[str, float]
    bulk: tuple[float, float]
    condition: float | None
    condition_99: float | None
    rate: dict[str, float | None]
    steps: dict[str, dict[str, Any] | None]
    constant_columns: list[int]
    rounding: dict[str, int]
    eigenvalues: np.ndarray = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The report in the form of the JSON."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def by_feed(
    table: np.ndarray, labels: np.ndarray | None = None, seed: int = 0, limit: int = LIMIT
) -> dict[Feed, Report]:
    """The reports on a p x N ``table`` (one example per row) by way to feed it.

    The arguments are those of ``reduction_of`` and ``reports``.
    """
    found = dict(reports(reduction_of(table, labels, seed), limit))
    return {feed: found[feed] for feed in FEEDS}


def reduction_of(
    table: np.ndarray,
    labels: np.ndarray | None = None,
    seed: int = 0,
    called: Callable[[int], str] | None = None,
) -> Reduction:
    """The p x N ``table`` with its target: ``labels``, or the outputs of a planted neuron.

    This neuron is fed the raw data, and its weights are a direction drawn with ``seed``. Raises
    UsageError where the table cannot be used, in which ``called`` names a column.
    """
    examples = Examples(table, called)
    if labels is None:
        planted: np.ndarray = np.random.default_rng(seed).standard_normal((examples.features,))
        target = Target.of_neuron(examples, planted / np.linalg.norm(planted))
    else:
        target = Target.of_labels(np.asarray(labels, float))
    return Reduction(examples, target)


def reports(reduction: Reduction, limit: int = LIMIT) -> Iterator[tuple[Feed, Report]]:
    """Yield the three reports as they are done. The centred report comes first, and the raw one
    needs it. Descent takes ``limit`` steps at most."""
    examples, covariance_top = reduction.examples, 0.0
    for feed in ("centred", "raw", "standardised"):
        descent = Descent(reduction.fed(feed))
        if feed == "centred":
            covariance_top = _top(descent)
        upper = covariance_top if feed == "raw" else _top(descent)
        _, variances = examples.fed(feed)
        report = Report(
            outlier=_outlier(examples, feed, _top(descent), upper),
            bulk=independent.bulk(variances, examples.count),
            constant_columns=examples.constant.tolist(),
            rounding={"digits": descent.digits, "lost": descent.lost},
            eigenvalues=descent.eigenvalues,
            **training(descent, limit),
        )
        yield feed, report


def rounding_in_words(report: Report) -> str:
    """What rounding hides of a spectrum, as sentences to append. Mostly it hides nothing."""
    words, lost, digits = "", report.rounding["lost"], report.rounding["digits"]
    if lost:
        of = f"{lost:,} of {lost + len(report.eigenvalues):,} directions"
        words += f" {of} cannot be told from rounding and count as zero."
    if digits < PRINTED and report.condition is not None:
        words += (
            f" About {digits} digits are left of the smallest eigenvalue, the rest is rounding."
        )
    return words


def _top(descent: Descent) -> float:
    return float(descent.eigenvalues[-1]) if len(descent.eigenvalues) else 0.0


def _outlier(
    examples: Examples, feed: Feed, measured: float, covariance_top: float
) -> dict[str, float]:
    mean, variances = examples.fed(feed)
    square = float(mean @ mean)
    if square > 0:
        spread = float(np.mean(examples.deviations(mean / np.sqrt(square)) ** 2))
    else:
        spread = float(variances.sum() / max(np.count_nonzero(variances), 1))
    return {
        "lower": square + spread,
        "measured": measured,
        "upper": square + covariance_top,
        "independent": independent.largest(mean, variances, examples.count),
    }


def training(descent: Descent, limit: int = LIMIT) -> dict[str, Any]:
    """The parts of a ``Report`` that follow from the eigenvalues and the target.

    Descent is run for ``limit`` steps at most.
    """
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
        taken, loss = descent.run(rate.value, limit)
        run[name] = {"steps": taken, "loss": loss}
        predicted[name] = {
            "steps": descent.predicted_steps(rate),
            "loss": descent.predicted_loss(rate, taken),
        }
    return {
        "condition": float(values[-1] / values[0]),
        "condition_99": float(main[-1] / main[0]),
        "rate": {name: rate.value for name, rate in rates.items()},
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
