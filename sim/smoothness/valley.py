"""A valley with bumps: where its slope vanishes, where descent leaves a bump, and averages."""

import numpy as np
from scipy.optimize import bisect, minimize_scalar

from companion.scale import Scale
from sim.evidence import Evidence, Exact, Rounded, at
from sim.smoothness.units import Values
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

    grid = np.linspace(0.01, 1.01, 400) * height * freq / lam  # beyond it no bump reaches down
    place = min(grid, key=rising)
    around = (place - (grid[1] - grid[0]), place + (grid[1] - grid[0]))
    return int(
        min(rising(place), minimize_scalar(rising, bounds=around, method="bounded").fun) <= 0
    )


@simulates(smoothness.trap, unit="valley")
def trap(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Valleys with bumps a little too low and a little too high to hold a ball."""
    ratios = np.array([0.05, 0.3, 0.9, 0.99, 1.01, 1.02, 1.2, 4.0]) / float(DEEPEST)
    lam, freq = rng.uniform(0.3, 3, (2, len(ratios)))
    height = ratios * lam / freq**2
    found = [has_trap(*each) for each in zip(lam, height, freq, strict=True)]
    return [Exact(at(lam=lam, height=height, freq=freq), found, draws=len(found))]


@simulates(smoothness.largest_rate_in_a_bump, unit="valley")
def largest_rate_in_a_bump(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The rate at which a step from next to the minimum ends as far on its other side."""
    checks: list[Evidence] = []
    for _ in range(4):
        lam, height, freq = rng.uniform(0.3, 3, 3)
        start = 1e-9 / freq  # the sine is its argument to rounding

        def grows(rate: float, start=start, lam=lam, height=height, freq=freq) -> float:  # type: ignore
            return abs(start - rate * float(slope(start, lam, height, freq))) / start - 1

        steepest = 4 / (lam + height * freq**2)
        rate = bisect(grows, steepest / 4, steepest, xtol=1e-15, rtol=1e-15)
        checks.append(Rounded(at(lam=lam, height=height, freq=freq), rate, 2 * steepest))
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
