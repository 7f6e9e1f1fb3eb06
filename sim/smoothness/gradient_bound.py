"""The gradient before batch norm, by complex steps of a loss that is added up example by
example."""

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Bounded, Evidence, Rounded, at
from sim.smoothness.draws import Values, sides, units
from sim.table import simulates
from theory import smoothness


@simulates(smoothness.gradient, unit="batch")
def gradient(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The slope in each output of the batch, without eps and with it."""
    checks: list[Evidence] = []
    for unit in (*units(rng), *units(rng, eps=True)):
        slope = complex_gradient(unit.loss, unit.y)
        values: Values = {"y": unit.y, "g": unit.g, "gamma": unit.gamma, "eps": unit.eps}
        checks.append(Rounded(at(**values), slope, unit.slope_size))
    return checks


@simulates(smoothness.gradient_norm, unit="batch")
def gradient_norm(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The squared length of the slopes."""
    checks: list[Evidence] = []
    for unit in units(rng):
        slope = complex_gradient(unit.loss, unit.y)
        values: Values = {"y": unit.y, "g": unit.g, "gamma": unit.gamma}
        checks.append(Rounded(at(**values), slope @ slope, unit.slope_size**2))
    return checks


@simulates(smoothness.gradient_norm_with_eps, unit="batch")
def gradient_norm_with_eps(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The squared length of the slopes, with eps."""
    checks: list[Evidence] = []
    for unit in (*units(rng, eps=True), *units(rng)):
        slope = complex_gradient(unit.loss, unit.y)
        values: Values = {"y": unit.y, "g": unit.g, "gamma": unit.gamma, "eps": unit.eps}
        checks.append(Rounded(at(**values), slope @ slope, unit.slope_size**2))
    return checks


@simulates(smoothness.gradient_norm_bounds, unit="batch")
def gradient_norm_bounds(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Squared slopes for eps from 0 to 1e6, against both bounds."""
    batches = units(rng, sizes=(3, 4, 8, 16))
    values, observed, sizes = [], [], []
    for unit in batches:
        for eps in (0.0, *10 ** rng.uniform(-2, 2, scale.pick(2, 8, 50)), 1e6):
            unit.eps = eps
            slope = complex_gradient(unit.loss, unit.y)
            # over the square of the prefactor, so that no eps makes the two sides small
            prefactor = unit.gamma**2 / (np.var(unit.y) + eps)
            values.append({"y": unit.y, "g": unit.g, "gamma": unit.gamma, "eps": eps})
            observed.append(slope @ slope / prefactor)
            sizes.append(prefactor)
    # the terms of the observed squares, and the accuracy that the mean of y costs
    lost = [
        (1 + np.abs(u.y).max() / np.std(u.y)) ** 2 * len(u.y) * np.abs(u.g).sum() ** 2
        for u in batches
    ]
    bounds = sides(values, np.array(sizes))
    return [Bounded(bounds, observed, 4 * float(max(lost)), 2.0**-16, len(values))]


@simulates(smoothness.energy_of_the_mean, unit="batch")
def energy_of_the_mean(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The sum of squares before the mean is subtracted, minus the sum of squares after."""
    checks: list[Evidence] = []
    for B in (2, 5, 64):
        g = rng.normal(size=B) + 1
        mean = sum(g) / B
        lost = sum(each**2 for each in g) - sum((each - mean) ** 2 for each in g)
        checks.append(Rounded(at(g=g), lost, float(2 * (g @ g) + B)))
    return checks
