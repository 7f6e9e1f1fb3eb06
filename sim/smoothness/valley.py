"""A valley with bumps: where its slope vanishes, where descent leaves a bump, and its averages."""

from math import sin

import numpy as np
from scipy.optimize import bisect, brentq, minimize_scalar

from companion.scale import Scale
from sim.evidence import Evidence, Exact, Form, Rounded, at
from sim.smoothness.draws import Values
from sim.table import simulates
from theory import smoothness
from theory.smoothness.valley import DEEPEST


def slope(x: np.ndarray | float, lam: float, height: float, freq: float) -> np.ndarray | float:
    """The slope of the valley."""
    return lam * x + height * freq * np.sin(freq * x)


def has_trap(lam: float, height: float, freq: float) -> int:
    """Whether the slope at some x > 0 points away from the minimum or vanishes."""

    def rising(x: float) -> float:
        return float(slope(x, lam, height, freq)) / x

    grid = np.linspace(0.01, 1.01, 400) * height * freq / lam  # no bump beyond it reaches down
    place = min(grid, key=rising)
    around = (place - (grid[1] - grid[0]), place + (grid[1] - grid[0]))
    return int(
        min(rising(place), minimize_scalar(rising, bounds=around, method="bounded").fun) <= 0
    )


@simulates(smoothness.trap, unit="valley")
def trap(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Valleys whose bumps are a little too low, or a little too high, to hold a ball."""
    ratios = np.array([0.05, 0.3, 0.9, 0.99, 1.01, 1.02, 1.2, 4.0]) / float(DEEPEST)
    lam, freq = rng.uniform(0.3, 3, (2, len(ratios)))
    height = ratios * lam / freq**2
    trapped = [has_trap(*each) for each in zip(lam, height, freq, strict=True)]
    return [Exact(at(lam=lam, height=height, freq=freq), trapped, draws=len(trapped))]


def first_top(lam: float, height: float, freq: float) -> float:
    """The first place beyond the minimum where the slope vanishes, or infinity."""
    grid = np.linspace(1e-3, 1.01, 2000) * max(height * freq / lam, 1 / freq)
    (downhill,) = np.nonzero(np.asarray(slope(grid, lam, height, freq)) < 0)
    if not len(downhill):
        return np.inf
    ends = grid[downhill[0] - 1], grid[downhill[0]]
    return float(brentq(slope, *ends, (lam, height, freq), xtol=1e-15, rtol=1e-15))


def rate_that_leaves(lam: float, height: float, freq: float) -> float:
    """The rate at which the farthest step from inside the bump just reaches a top."""
    top = first_top(lam, height, freq)
    if not np.isfinite(top):
        return np.inf

    def beyond(rate: float) -> float:
        def end(x: float) -> float:
            return x - rate * float(slope(x, lam, height, freq))

        grid = np.linspace(0, top, 200)
        nearest = int(np.argmin([end(x) for x in grid]))
        around = grid[max(nearest - 1, 0)], grid[min(nearest + 1, 199)]
        farthest = minimize_scalar(end, bounds=around, method="bounded", options={"xatol": 1e-10})
        return -top - float(farthest.fun)

    steepest = 8 / (lam + height * freq**2)
    return float(brentq(beyond, steepest / 8, steepest, xtol=1e-15, rtol=1e-15))


def leaves(rate: float, steps: int, lam: float, height: float, freq: float) -> bool:
    """Whether descent from next to the minimum passes a top."""
    x, top = 1e-3 / freq, first_top(lam, height, freq)
    for _ in range(steps):
        x -= rate * (lam * x + height * freq * sin(freq * x))
        if abs(x) > top:
            return True
    return False


def rate_that_rests(lam: float, height: float, freq: float) -> float:
    """The rate at which a step from next to the minimum ends on its other side at equal
    distance."""
    start = 1e-9 / freq  # the sine is its argument to rounding

    def grows(rate: float) -> float:
        return abs(start - rate * float(slope(start, lam, height, freq))) / start - 1

    steepest = 4 / (lam + height * freq**2)
    return float(bisect(grows, steepest / 4, steepest, xtol=1e-15, rtol=1e-15))


@simulates(smoothness.largest_rate_in_a_bump, unit="valley")
def largest_rate_in_a_bump(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Two rates by search, and whole descents.

    One is the rate at which a small step turns round. The other is the rate at which some step from
    inside the bump passes a top. Descents a thousandth below and above this rate say whether they
    pass a top. A valley without a top is among them.
    """
    checks: list[Evidence] = []
    for roughness in (1.5, 5.0, 8.0, 40.0):
        lam, freq = rng.uniform(0.3, 3, 2)
        values = {
            "lam": lam,
            "height": roughness * rng.uniform(1, 1.5) * lam / freq**2,
            "freq": freq,
        }
        size = 8 / (lam + values["height"] * freq**2)
        checks.append(Rounded(at("rests", **values), rate_that_rests(**values), size))
        leaving = rate_that_leaves(**values)
        if not np.isfinite(leaving):
            checks.append(Exact(at("leaves", **values), leaving))
            continue
        checks.append(Rounded(at("leaves", **values), leaving, size))
        rates = leaving * np.array([0.7, 0.999, 1.001, 1.1])

        def passed(form: Form, rates: np.ndarray = rates, values: Values = values) -> np.ndarray:
            return rates > form(**values)["leaves"]

        # one step in forty passes the top, so that one descent in 1e20 or less stays by chance
        fates = [leaves(rate, 2000, **values) for rate in rates]
        checks.append(Exact(passed, fates, draws=len(rates)))
    return checks


@simulates(smoothness.smoothed_valley, unit="valley")
def smoothed_valley(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The mean height over the window, by Gauss's nodes."""
    checks: list[Evidence] = []
    nodes, weights = np.polynomial.legendre.leggauss(40)
    for _ in range(6):
        lam, height = rng.uniform(0.3, 3, 2)
        freq, window, x = rng.uniform(0.5, 4), rng.uniform(0.3, 2), rng.uniform(-2, 2)
        places = x + window * nodes
        heights = lam * places**2 / 2 + height * (1 - np.cos(freq * places))
        values: Values = {
            "lam": lam,
            "height": height,
            "freq": freq,
            "x": x,
            "window": window,
        }
        size = lam * (abs(x) + window) ** 2 + 2 * height * (1 + freq * (abs(x) + window))
        checks.append(Rounded(at(**values), weights @ heights / 2, size))
    return checks
