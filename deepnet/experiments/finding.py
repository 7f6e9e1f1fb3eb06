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
    "agrees",
    "refuted",
    "unresolved",
    "uninformative",
    "not at this scale",
    "not on textures",
    "reported",
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
    ``margin`` is the distance of the mean from the nearer end of the band on the link's scale, in
    standard errors. It is negative outside the band.
    ``inside`` is the share of these runs in the band.
    ``null`` is the mean of the nulls, taken likewise.
    ``effect`` compares ``measured`` with ``null``: a difference, with the link "log" a quotient,
    with the link "logit" a quotient of odds.
    ``seeds`` is the number of runs.
    ``compared`` is the number of runs with something to compare.

    Where a run lies at an end of the link's scale, such as a share of 1, the mean is the arithmetic
    mean. Each run has its part then, however many runs lie there.

    A number that does not exist is None. Fewer than two runs have no interval, and neither have
    runs of which some are infinite.

    Equal runs, as counts may be, show no spread. A share of all seeds may differ from them unseen:
    0.63 after three equal runs, 0.26 after ten. If the measure has bounds, the interval is what the
    mean can be where this share lies at a bound. Without bounds it is one point, and says little.
    """

    verdict: Verdict
    measured: float | None
    stderr: float | None
    interval: Band | None
    margin: float | None
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
    """A mean, its standard error on the link's scale, and its interval. None is what it has not."""

    value: float
    stderr: float | None = None
    interval: Band | None = None


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
      leaves the mean over all seeds unknown. No runs show that a mean is exactly one number, so
      that a band of one number agrees only as ``exact``.

    The interval ends at the ``bounds``, which are the ends of what the measure can be.
    """
    compared = [float(value) for value in values if not isnan(value)]
    mean = _mean(compared, link)
    null = _mean([float(value) for value in nulls if not isnan(value)], link)
    interval = None
    if mean is not None and mean.interval is not None:
        low, high = mean.interval
        if low == high and isfinite(low):
            low, high = _unseen(low, len(compared), bounds)
        interval = (max(low, bounds[0]), min(high, bounds[1]))
    inside = None
    if band is not None and compared:
        inside = sum(_within(band, value) for value in compared) / len(compared)
    found = Finding(
        verdict="reported",
        measured=None if mean is None else mean.value,
        stderr=None if mean is None else mean.stderr,
        interval=interval,
        margin=None if mean is None or band is None else _margin(mean, band, link),
        inside=inside,
        null=None if null is None else null.value,
        effect=None if mean is None or null is None else _effect(mean.value, null.value, link),
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
    if band[0] <= low and high <= band[1] and band[0] < band[1]:
        return "agrees"
    return "refuted" if high < band[0] or low > band[1] else "unresolved"


def _margin(mean: _Mean, band: Band, link: Link) -> float | None:
    """How many standard errors the mean lies inside the band."""
    to_link, _ = LINKS[link]
    low, at, high = (float(to_link(each)) for each in (band[0], mean.value, band[1]))
    distance = min(at - low, high - at)
    return distance / mean.stderr if mean.stderr and isfinite(distance) else None


def _within(band: Band, value: float) -> bool:
    return band[0] <= value <= band[1]


def _mean(values: Sequence[float], link: Link) -> _Mean | None:
    """The mean of ``values`` on the scale of ``link``, or None where there is none.

    At an end of the scale the mean is the arithmetic one.
    """
    if not values or {-inf, inf} <= set(values):
        return None
    if len(values) > 1 and len(set(values)) == 1:
        return _Mean(values[0], 0.0, (values[0], values[0]))
    to_link, back = LINKS[link]
    linked = [float(to_link(value)) for value in values]
    if not all(map(isfinite, linked)):
        if link != "identity":
            return _mean(values, "identity")
        return _Mean(sum(values) / len(values))
    if len(values) == 1:
        return _Mean(values[0])
    estimate = Estimate.of(linked)
    half = float(stdtrit(estimate.draws - 1, (1 + LEVEL) / 2)) * estimate.stderr
    low, high = (float(back(estimate.mean + side)) for side in (-half, half))
    return _Mean(float(back(estimate.mean)), estimate.stderr, (low, high))


def _unseen(value: float, runs: int, bounds: Band) -> Band:
    """What the mean can be after ``runs`` runs that are all equal to ``value``.

    If a larger share than ``differing`` of all seeds had other values, so many runs would be equal
    with a probability below 1 - LEVEL. These values lie at a bound at most.
    """
    differing = 1 - (1 - LEVEL) ** (1 / runs)
    low, high = (value + differing * (end - value) if isfinite(end) else value for end in bounds)
    return low, high


def _effect(mean: float, null: float, link: Link) -> float | None:
    """The distance from the ``null`` as a difference, as a quotient, or as a quotient of odds."""
    to_link, _ = LINKS[link]
    apart = float(to_link(mean)) - float(to_link(null))
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
