"""From the measurements of several seeds to a verdict: mean, interval, null, effect.

A seed draws the weights, the order of the images, and the images themselves. The estimand is the
mean over all seeds, on the scale of a link that fits the measure. Its interval is Student's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import exp, inf, isfinite, isnan, log
from typing import Literal

from scipy.special import expit, logit, stdtrit

from companion.estimate import Estimate

Band = tuple[float, float]
#: The function to the scale on which runs are averaged, as in a generalised linear model.
Link = Literal["identity", "log", "logit"]
Verdict = Literal[
    "agrees", "refuted", "unresolved", "uninformative", "not at this scale", "reported"
]
#: The probability with which an interval holds the mean over all seeds.
LEVEL = 0.95


@dataclass(frozen=True)
class Finding:
    """What the runs of several seeds say of an observation.

    ``measured`` is the mean over the runs with something to compare: the arithmetic mean, with
    the link "log" the geometric mean, with the link "logit" the share whose log odds are the mean.
    ``stderr`` is the standard error of the mean on the link's scale.
    ``interval`` holds the mean over all seeds with the probability ``LEVEL``.
    ``inside`` is the share of these runs in the band.
    ``null`` is the mean of the nulls.
    ``effect`` compares ``measured`` with ``null``: a difference, with the link "log" a quotient,
    with the link "logit" a quotient of odds.
    ``seeds`` is the number of runs.
    ``compared`` is the number of runs with something to compare.

    A number that does not exist is None. Fewer than two runs have no interval, and neither have
    runs of which some are infinite on the link's scale.
    """

    verdict: Verdict
    measured: float | None
    stderr: float | None
    interval: Band | None
    inside: float | None
    null: float | None
    effect: float | None
    seeds: int
    compared: int

    @property
    def is_partial(self) -> bool:
        """Whether a run, or the null, has nothing to compare."""
        return self.null is None or self.compared < self.seeds

    def says_nothing(self, band: Band) -> bool:
        """Whether the null lies in the ``band`` as well."""
        return not self.is_partial and self.null is not None and _within(band, self.null)

    def exact(self, band: Band) -> "Finding":
        """The finding of an identity, or of a check that has an error rate of its own.

        It agrees if every run lies in the ``band``, and is refuted if one does not.
        """
        if self.is_partial or self.says_nothing(band):
            return self
        return replace(self, verdict="agrees" if self.inside == 1 else "refuted")


@dataclass(frozen=True)
class _Mean:
    """The mean of values on a scale, and its standard error (None where it has none)."""

    value: float
    stderr: float | None
    draws: int

    @property
    def interval(self) -> Band | None:
        """Student's interval, on the scale."""
        if self.stderr is None:
            return None
        half = float(stdtrit(self.draws - 1, (1 + LEVEL) / 2)) * self.stderr
        return (self.value - half, self.value + half) if half else (self.value, self.value)


def finding(
    values: Sequence[float],
    nulls: Sequence[float],
    band: Band | None,
    link: Link = "identity",
    bounds: Band = (-inf, inf),
) -> Finding:
    """Judge ``values``, one per run, by the ``band`` and by the ``nulls``, one per run.

    - ``reported``: there is no band.
    - ``uninformative``: the mean of the nulls lies in the band, so that the measure says nothing.
    - ``agrees``: the interval of the mean lies in the band.
    - ``refuted``: the interval lies outside the band.
    - ``unresolved``: all else. A single run has no interval. A run with nothing to compare (nan)
      leaves the mean over all seeds unknown.

    The interval ends at the ``bounds``, which are the ends of what the measure can be.
    """
    to_link, back = LINKS[link]
    compared = [float(value) for value in values if not isnan(value)]
    mean = _mean([float(to_link(value)) for value in compared])
    null = _mean([float(to_link(value)) for value in nulls if not isnan(value)])
    interval = None
    if mean is not None and mean.interval is not None:
        low, high = _both(back, mean.interval)
        interval = (max(low, bounds[0]), min(high, bounds[1]))
    inside = None
    if band is not None and compared:
        inside = sum(_within(band, value) for value in compared) / len(compared)
    found = Finding(
        verdict="reported",
        measured=None if mean is None else float(back(mean.value)),
        stderr=None if mean is None else mean.stderr,
        interval=interval,
        inside=inside,
        null=None if null is None else float(back(null.value)),
        effect=None if mean is None or null is None else _effect(mean.value - null.value, link),
        seeds=len(values),
        compared=len(compared),
    )
    return found if band is None else replace(found, verdict=_verdict(found, band))


def _verdict(found: Finding, band: Band) -> Verdict:
    if found.says_nothing(band):
        return "uninformative"
    if found.interval is None or found.is_partial:
        return "unresolved"
    low, high = found.interval
    if band[0] <= low and high <= band[1]:
        return "agrees"
    return "refuted" if high < band[0] or low > band[1] else "unresolved"


def _within(band: Band, value: float) -> bool:
    return band[0] <= value <= band[1]


def _mean(values: Sequence[float]) -> _Mean | None:
    """The mean of values on a scale, some of which may be infinite. Without values it is None."""
    if not values:
        return None
    if len(values) > 1 and len(set(values)) == 1:
        return _Mean(values[0], 0.0, len(values))
    if len(values) > 1 and all(map(isfinite, values)):
        estimate = Estimate.of(values)
        return _Mean(estimate.mean, estimate.stderr, estimate.draws)
    return _Mean(sum(values) / len(values), None, len(values))


def _both(function: Callable[[float], float], band: Band) -> Band:
    return (float(function(band[0])), float(function(band[1])))


def _effect(apart: float, link: Link) -> float | None:
    """The distance on the scale as a difference, as a quotient, or as a quotient of odds."""
    if isnan(apart):
        return None
    return apart if link == "identity" else _exp(apart)


def _log(x: float) -> float:
    return log(x) if x > 0 else -inf


def _exp(x: float) -> float:
    return exp(x) if x < LARGEST else inf


#: exp of a larger number is infinite.
LARGEST = 700.0
#: Each link and its inverse.
LINKS: dict[Link, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "identity": (float, float),
    "log": (_log, _exp),
    "logit": (logit, expit),
}
