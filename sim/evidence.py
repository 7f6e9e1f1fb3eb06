"""Evidence has named ways of being close, and each way judges a closed form.

``Exact`` is for counts, ``Rounded`` for numbers, ``Fitted`` for orders, ``Student`` and
``Distributed`` for sampled statistics, ``Bounded`` for bounds and ``Banded`` for measured effects.
A piece of evidence holds what was observed. As a function of a closed form it holds what that form
predicts. ``judge`` compares the two. One set of data thus judges the claim, its twins and any
tampered form.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Protocol

import numpy as np
from scipy import stats

Form = Callable[..., Any]
Predict = Callable[[Form], Any]
Verdict = Literal["agrees", "refuted", "unresolved"]

#: The number of units in the last place that a sum of terms of the stated magnitude may lose.
ROUNDING_ULPS = 64
#: The largest admissible chance that a check fails to refute a twin.
MISS_RATE = 1e-6
#: The least number of independent draws for which Student's law is used.
FEWEST_DRAWS = 64


@dataclass(frozen=True)
class Judgement:
    """The judgement of one closed form by a piece of evidence. ``p`` is None without chance."""

    theory: Any
    simulated: Any
    stderr: float | None
    p: float | None
    refuted: bool


class Evidence(Protocol):
    """The attributes and verbs of every kind of evidence."""

    @property
    def law(self) -> str:
        """The law from which p-values come, or the way of being close."""
        ...

    @property
    def draws(self) -> int:
        """The number of independent units that were drawn."""
        ...

    @property
    def predict(self) -> Callable[[Form], Any]:
        """The prediction of a form for what was observed."""
        ...

    def judge(self, form: Form, false_alarm: float) -> Judgement:
        """Compare ``form`` with what was observed."""
        ...

    def refutes(self, form: Form, false_alarm: float) -> bool:
        """Whether ``judge`` refutes ``form``."""
        ...

    def miss(self, twin: Form, truth: Form, false_alarm: float) -> float:
        """The chance that data from ``truth`` would not refute ``twin``."""
        ...


def at(component: str | None = None, finite_size: float = 0.0, **values: Any) -> Predict:
    """The prediction of a form at ``values``: its ``component`` if named, plus ``finite_size``."""

    def predict(form: Form) -> Any:
        value = form(**values)
        value = value if component is None else value[component]
        return value + finite_size if finite_size else value

    return predict


class _Judging:
    """Evidence that refutes a form if its judgement does."""

    def judge(self, form: Form, false_alarm: float) -> Judgement:
        raise NotImplementedError

    def refutes(self, form: Form, false_alarm: float) -> bool:
        return self.judge(form, false_alarm).refuted


class _Deterministic(_Judging):
    """Evidence without chance. A twin that it does not refute now is never refuted."""

    def miss(self, twin: Form, truth: Form, false_alarm: float) -> float:
        return 0.0 if self.refutes(twin, false_alarm) else 1.0


@dataclass(frozen=True)
class Exact(_Deterministic):
    """Whole numbers (counts, signs, ranks) that are equal or not."""

    predict: Predict
    observed: Any
    draws: int = 1
    law: str = field(default="exact", init=False)

    def judge(self, form: Form, false_alarm: float) -> Judgement:
        theory, simulated = _worst(self.predict(form), self.observed)
        return Judgement(theory, simulated, None, None, refuted=theory != simulated)


@dataclass(frozen=True)
class Rounded(_Deterministic):
    """Numbers that are equal up to rounding: |difference| <= 64 eps ``magnitude``.

    ``magnitude`` is the size of the terms that were added. Where a system was solved it is
    multiplied by a condition number. Cancellation is thus allowed for, and nothing else.
    """

    predict: Predict
    observed: Any
    magnitude: float
    draws: int = 1
    law: str = field(default="rounding", init=False)

    def judge(self, form: Form, false_alarm: float) -> Judgement:
        theory, simulated = _worst(self.predict(form), self.observed)
        allowed = ROUNDING_ULPS * np.finfo(float).eps * self.magnitude
        far = not abs(theory - simulated) <= allowed < np.inf  # nan is far, inf allows anything
        return Judgement(theory, simulated, None, None, refuted=far)


@dataclass(frozen=True)
class Fitted(_Deterministic):
    """A limit that is approached at a stated order: |predicted - observed| ~ size^-order.

    ``sizes`` grow. ``predict`` and ``observed`` have one value for each size. The slope of
    log-error against log-size is taken over the larger half of the sizes. It lies within a quarter
    of ``order``, and within a quarter of 1 at most. An order that is half a power off therefore
    does not fit. A wrong limit has slope zero and does not fit either.
    """

    predict: Predict
    observed: Any
    sizes: Any
    order: float
    draws: int = 1
    law: str = field(default="fitted order", init=False)

    def judge(self, form: Form, false_alarm: float) -> Judgement:
        predicted = np.broadcast_to(np.asarray(self.predict(form), float), np.shape(self.observed))
        errors = np.abs(predicted - np.asarray(self.observed, float))
        half = slice(len(errors) // 2, None)
        if not np.all(errors[half] > 0):
            slope = -np.inf
        else:
            slope = np.polyfit(
                np.log(np.asarray(self.sizes, float)[half]), np.log(errors[half]), 1
            )[0]
        refuted = not abs(-slope - self.order) <= min(self.order, 1) / 4
        return Judgement(float(predicted[-1]), float(self.observed[-1]), None, None, refuted)


@dataclass(frozen=True)
class Bounded(_Deterministic):
    """A bound that is never violated beyond rounding, and is approached within ``gap`` somewhere.

    ``predict(form)`` gives (lower, upper), each an array like ``observed`` or None. Each side that
    is given must be approached: somewhere |observed - bound| <= ``gap`` |bound| + rounding.
    """

    predict: Predict
    observed: Any
    magnitude: float
    gap: float = 0.0
    draws: int = 1
    law: str = field(default="bound", init=False)

    def judge(self, form: Form, false_alarm: float) -> Judgement:
        observed = np.asarray(self.observed, float)
        allowed = ROUNDING_ULPS * np.finfo(float).eps * self.magnitude
        refuted, closest = False, (np.inf, np.nan, np.nan)
        for bound, sign in zip(self.predict(form), (1, -1), strict=True):
            if bound is None:
                continue
            bound = np.broadcast_to(np.asarray(bound, float), observed.shape)
            slack = sign * (observed - bound)
            near = slack <= self.gap * np.abs(bound) + allowed
            refuted |= not bool(np.all(slack >= -allowed)) or not bool(np.any(near))
            tightest = int(np.argmin(slack))
            candidate = (slack.flat[tightest], bound.flat[tightest], observed.flat[tightest])
            closest = min(closest, candidate, key=lambda item: item[0])
        return Judgement(float(closest[1]), float(closest[2]), None, None, refuted)


@dataclass(frozen=True)
class Banded(_Deterministic):
    """A measured number within the relative ``width`` of the prediction.

    ``null`` is measured where the effect is absent, and lies outside the band.
    """

    predict: Predict
    observed: float
    width: float
    null: float
    draws: int = 1
    law: str = field(default="band", init=False)

    def judge(self, form: Form, false_alarm: float) -> Judgement:
        theory = float(self.predict(form))

        def inside(value: float) -> bool:
            return bool(abs(value - theory) <= self.width * abs(theory) < np.inf)

        refuted = not inside(self.observed) or inside(self.null)
        return Judgement(theory, float(self.observed), None, None, refuted)


@dataclass(frozen=True)
class Student(_Judging):
    """The mean of independent draws, by Student's law. There are at least 64 draws.

    ``predict`` includes the finite-size term where the claim is a limit.
    """

    predict: Predict
    values: Any
    law: str = field(default="Student", init=False)

    def __post_init__(self) -> None:
        if len(self.values) < FEWEST_DRAWS:
            raise ValueError(f"Student's law needs {FEWEST_DRAWS} draws, got {len(self.values)}")

    @property
    def draws(self) -> int:
        return len(self.values)

    @cached_property
    def mean(self) -> float:
        return float(np.mean(self.values))

    @cached_property
    def stderr(self) -> float:
        return float(np.std(self.values, ddof=1) / np.sqrt(self.draws))

    def judge(self, form: Form, false_alarm: float) -> Judgement:
        theory = float(self.predict(form))
        if not np.isfinite(theory):
            return Judgement(theory, self.mean, self.stderr, 0.0, refuted=True)
        p = float(2 * stats.t.sf(abs(self.mean - theory) / self.stderr, self.draws - 1))
        return Judgement(theory, self.mean, self.stderr, p, refuted=p < false_alarm)

    def miss(self, twin: Form, truth: Form, false_alarm: float) -> float:
        degrees = self.draws - 1
        distance = abs(float(self.predict(twin)) - float(self.predict(truth))) / self.stderr
        critical = stats.t.isf(false_alarm / 2, degrees)
        if np.isfinite(distance) and distance < 3 * critical:
            return float(stats.nct.cdf(critical, degrees, distance))
        # Far away, where the non-central law underflows: T < critical needs either s > 2 sigma
        # or a normal deviate below 2 critical - distance.
        tail = stats.norm.cdf(2 * critical - distance) if np.isfinite(distance) else 0.0
        return float(stats.chi2.sf(4 * degrees, degrees) + tail)


@dataclass(frozen=True)
class Distributed:
    """A statistic whose law is known exactly. ``predict`` gives a frozen law of ``scipy.stats``."""

    predict: Callable[[Form], Any]
    observed: float
    draws: int
    law: str

    def judge(self, form: Form, false_alarm: float) -> Judgement:
        law, p = self.predict(form), self._p(form)
        if np.isnan(p):  # there is no such law
            return Judgement(np.nan, float(self.observed), None, 0.0, refuted=True)
        return Judgement(
            float(law.mean()), float(self.observed), float(law.std()), p, refuted=p < false_alarm
        )

    def refutes(self, form: Form, false_alarm: float) -> bool:
        return not self._p(form) >= false_alarm  # without the law's mean, which may be an integral

    def _p(self, form: Form) -> float:
        law = self.predict(form)
        return float(np.minimum(1.0, 2 * np.minimum(law.cdf(self.observed), law.sf(self.observed))))

    def miss(self, twin: Form, truth: Form, false_alarm: float) -> float:
        wrong, right = self.predict(twin), self.predict(truth)
        low, high = wrong.ppf(false_alarm / 2), wrong.isf(false_alarm / 2)
        return float(right.cdf(high) - right.cdf(low)) if low <= high else 0.0


def _worst(predicted: Any, observed: Any) -> tuple[float, float]:
    """The pair of entries that differ most."""
    predicted, observed = np.broadcast_arrays(
        np.asarray(predicted, float), np.asarray(observed, float)
    )
    with np.errstate(invalid="ignore"):
        difference = np.abs(predicted - observed)
    worst = int(np.argmax(np.where(np.isnan(difference), np.inf, difference)))
    return float(predicted.flat[worst]), float(observed.flat[worst])
