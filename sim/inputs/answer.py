"""What the spectra say to the user: what dominates, what to do about it, and what it buys.

R = XX'/p has the trace sum_i (mu_i^2 + s_i), with mean mu_i and variance s_i of column i. The share
of the mean is |mu|^2 over the trace. A direction of the standardised columns stands out where its
eigenvalue lies above the reach of independent columns (``sim.inputs.independent.reach``). A column
repeats another one where the other one predicts it up to 1 % of its standard deviation. What this
leaves may be just what the target needs. A repeating column is therefore dropped only where the
minimum of the loss stays, up to 0.1 % of what can be learnt, and where no few examples hold half of
the variance: these alone would make columns alike.

The advice is the least change that makes descent faster: nothing, centring, or standardising. It is
measured by the steps at the best rate, and descent is run.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.linalg import eigh

from sim.inputs import independent
from sim.inputs.descent import LIMIT, Descent
from sim.inputs.examples import Feed
from sim.inputs.reduced import Reduction
from sim.inputs.report import Report, training

#: The share of the trace that a few columns hold where they dominate, and of a direction's square.
MOST, MOSTLY = 0.9, 0.5
#: A few columns: at most so many, and at most half of all.
FEW = 3
#: The standard deviation of what a column that repeats another one adds, as a share of its own.
ADDED = 0.01
#: A change is worth while where it takes at most this share of the steps.
WORTH = 0.9
#: The share of what can be learnt that may be lost with the columns that repeat others.
LOST = 1e-3
#: Few examples are at most one of so many.
RARE = 20


@dataclass(frozen=True)
class Descended:
    """Descent at the best rate, until a millionth of what can be learnt is left.

    ``predicted``: the steps it takes by the spectrum. ``taken``: the steps run, ``LIMIT`` at most.
    ``left``: the share of what can be learnt that is left then. ``expected``: what the spectrum
    predicts of this share.
    """

    predicted: float
    taken: int
    left: float
    expected: float

    @property
    def arrived(self) -> bool:
        """Whether the run was long enough to leave a millionth."""
        return self.taken >= self.predicted


@dataclass(frozen=True)
class Answer:
    """The answer in numbers. Columns are features, counted from 0.

    ``mean``: its share of R's trace. ``columns``: the few that hold 90 % of the trace, and
    ``share``: what they hold. Both are empty where it takes many columns.

    ``outliers``: how many of the standardised columns' ``directions`` stand out. ``top``: the share
    of the first direction. ``together``: the few columns that hold half of its square.

    ``examples``: the few that hold half of the variance, counted from 0. ``alone``: what they hold
    of it. ``of``: of which columns, centred or standardised. Empty, 0 and None where it takes many.

    ``repeats``: pairs of a column and of an earlier one that it repeats. ``lost``: the share of
    what can be learnt that is lost without the repeating columns. ``drop``: whether they should be
    dropped: nearly nothing is lost, descent is as fast, and no few examples hold half.

    ``feed``: how the table should be fed. ``scales``: the columns of the least and of the largest
    standard deviation, with it.

    ``before``: descent on the raw table. ``after``: as advised. None where nothing can be learnt.
    """

    mean: float
    columns: list[int]
    share: float
    outliers: int
    directions: int
    top: float
    together: list[int]
    examples: list[int]
    alone: float
    of: Feed | None
    repeats: list[tuple[int, int]]
    lost: float
    drop: bool
    feed: Feed
    scales: list[tuple[int, float]]
    before: Descended | None
    after: Descended | None

    def as_dict(self) -> dict[str, Any]:
        """The answer in the form of the JSON."""
        return asdict(self)


def answer(reduction: Reduction, reports: dict[Feed, Report], limit: int = LIMIT) -> Answer | None:
    """The answer that the three ``reports`` on a table give. None where no input varies."""
    if reports["centred"].condition is None:
        return None
    examples = reduction.examples
    seconds = examples.mean**2 + examples.variances
    standardised = reports["standardised"].eigenvalues
    correlations = reduction.correlations()
    columns = few(seconds, MOST)
    feed = _feed(reports)
    repeats = [] if correlations is None else repeating(correlations)
    kept = reports[feed].steps
    without = kept
    if repeats:
        left = reduction.fed(feed, without={column for column, _ in repeats})
        without = training(Descent(left), limit)["steps"]
    lost = _lost(kept, without)
    rare, alone, of = _rare(reduction)
    drop = bool(repeats) and not rare and lost <= LOST and _cost(without) <= _cost(kept)
    varying = np.flatnonzero(examples.variances > 0)
    by_scale = varying[np.argsort(examples.deviation[varying])]
    ends = dict.fromkeys(map(int, (by_scale[0], by_scale[-1])))
    return Answer(
        mean=float(examples.mean @ examples.mean / seconds.sum()),
        columns=columns,
        share=float(seconds[columns].sum() / seconds.sum()),
        outliers=int(np.sum(standardised > independent.reach(*_standardised(reduction)))),
        directions=len(standardised),
        top=float(standardised[-1] / standardised.sum()),
        together=[] if correlations is None else _together(correlations),
        examples=rare,
        alone=alone,
        of=of,
        repeats=repeats,
        lost=lost,
        drop=drop,
        feed=feed,
        scales=[(column, float(examples.deviation[column])) for column in ends],
        before=_descended(reports["raw"].steps),
        after=_descended(without if drop else kept),
    )


def few(shares: np.ndarray, most: float) -> list[int]:
    """The fewest columns that hold ``most`` of the sum of ``shares``; none where these are many.

    >>> few(np.array([1.0, 30.0, 2.0, 0.0]), 0.9)
    [1]
    >>> few(np.ones(4), 0.9)
    []
    """
    order = np.argsort(-shares, kind="stable")
    held = np.cumsum(shares[order]) / shares.sum()
    count = 1 + int(np.searchsorted(held, most))
    return order[:count].tolist() if count <= min(FEW, len(shares) // 2) else []


def repeating(correlations: np.ndarray) -> list[tuple[int, int]]:
    """Each column that repeats an earlier one which repeats none, with the first such column."""
    alike = np.tril(np.abs(correlations) >= np.sqrt(1 - ADDED**2), -1)
    firsts: dict[int, int] = {}
    for column in np.flatnonzero(alike.any(axis=1)).tolist():
        others = [other for other in np.flatnonzero(alike[column]).tolist() if other not in firsts]
        if others:
            firsts[column] = others[0]
    return list(firsts.items())


def _together(correlations: np.ndarray) -> list[int]:
    """The few columns that hold half of the square of the first principal direction."""
    last = len(correlations) - 1
    _, vectors = eigh(correlations, subset_by_index=(last, last))
    return few(vectors[:, 0] ** 2, MOSTLY)


def _rare(reduction: Reduction) -> tuple[list[int], float, Feed | None]:
    """The few examples that hold half of the variance, what they hold, and of which columns."""
    feeds: tuple[Feed, ...] = ("centred", "standardised")
    for feed in feeds:
        squares = reduction.examples.squares(feed)
        found = few(squares, MOSTLY)
        if found and RARE * len(found) <= len(squares):
            return found, float(squares[found].sum() / squares.sum()), feed
    return [], 0.0, None


def _lost(kept: dict[str, Any], without: dict[str, Any]) -> float:
    """The share of what can be learnt by the inputs ``kept`` that is lost ``without`` some."""
    before, after = kept["predicted"], without["predicted"]
    learnable = before["start"] - before["minimum"]
    if learnable <= 0:
        return 0.0
    return float(np.clip((after["minimum"] - before["minimum"]) / learnable, 0.0, 1.0))


def _standardised(reduction: Reduction) -> tuple[np.ndarray, int]:
    _, variances = reduction.examples.fed("standardised")
    return variances, reduction.examples.count


def _feed(reports: dict[Feed, Report]) -> Feed:
    """The way to feed the table that takes the fewest steps, where it is worth the change."""
    best: Feed = "raw"
    changes: tuple[Feed, ...] = ("centred", "standardised")
    for feed in changes:
        if _cost(reports[feed].steps) <= WORTH * _cost(reports[best].steps):
            best = feed
    return best


def _cost(steps: dict[str, Any]) -> float:
    """The steps at the best rate; for a target that leaves nothing to learn, for any target."""
    predicted = steps["predicted"]
    if predicted["start"] > predicted["minimum"]:
        return float(predicted["best"]["steps"])
    return float(predicted["condition"])


def _descended(steps: dict[str, Any]) -> Descended | None:
    predicted, run = steps["predicted"], steps["run"]["best"]
    learnable = predicted["start"] - predicted["minimum"]
    if learnable <= 0:
        return None
    left, expected = (
        (loss - predicted["minimum"]) / learnable
        for loss in (run["loss"], predicted["best"]["loss"])
    )
    return Descended(predicted["best"]["steps"], run["steps"], left, expected)
