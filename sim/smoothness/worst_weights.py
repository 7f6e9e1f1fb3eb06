"""The largest gradients in the weights are sought over inputs of a given length."""

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Bounded, Evidence, Rounded, at
from sim.smoothness.draws import Array, Unit, Values, never_above, units
from sim.table import simulates
from theory import smoothness


def maximiser(y: Array, W: Array, slope: Array, radius: float, away: Array) -> tuple[Array, Array]:
    """Weights and inputs of norm ``radius`` that give y and stretch ``slope`` by the radius.

    ``away`` is a direction for the image of ``slope``. W is turned so that its share along the
    image is y's share along ``slope``.
    """
    e, z = slope / np.linalg.norm(slope), away / np.linalg.norm(away)
    rest = W - (z @ W) * z
    share = (e @ y) / radius
    weights = share * z + rest * np.sqrt(W @ W - share**2) / np.linalg.norm(rest)
    kept = weights - share * z
    left = y - (e @ y) * e
    return weights, radius * np.outer(z, e) + np.outer(kept, left) / (kept @ kept)


def feasible(
    rng: np.random.Generator, y: Array, W: Array, radius: float, draws: int
) -> list[Array]:
    """Random inputs of norm at most ``radius`` with X'W = y."""
    base = np.outer(W, y) / (W @ W)
    across = np.eye(len(W)) - np.outer(W, W) / (W @ W)
    inputs = []
    for _ in range(draws):
        free = across @ rng.normal(size=base.shape)
        low, high = 0.0, radius / float(np.linalg.norm(free, 2))
        for _ in range(30):  # as much of it as the norm allows
            middle = (low + high) / 2
            inside = np.linalg.norm(base + middle * free, 2) <= radius
            low, high = (middle, high) if inside else (low, middle)
        inputs.append(base + low * free)
    return inputs


def _stretched(
    rng: np.random.Generator, scale: Scale, unit: Unit, slope: Array, values: dict
) -> list[Evidence]:
    """Squared gradients in the weights for the maximiser and for random inputs that give y."""
    N, radius = 4, values["radius"]
    W = rng.normal(size=N)
    W *= 2 * np.linalg.norm(unit.y) / (radius * np.linalg.norm(W))
    weights, worst = maximiser(unit.y, W, slope, radius, rng.normal(size=N))
    inputs = [worst, *feasible(rng, unit.y, weights, radius, scale.pick(3, 20, 300))]
    lengths = [float(np.sum((X @ slope) ** 2)) for X in inputs]
    size = radius**2 * (unit.slope_size**2 + np.abs(slope).sum() ** 2) * (1 + N)
    return [
        Rounded(at(**values), lengths[0], size),
        Bounded(never_above(**values), lengths, size, draws=len(inputs)),
    ]


@simulates(smoothness.largest_plain_gradient, unit="inputs")
def largest_plain_gradient(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Inputs that stretch the plain gradient most, and random inputs that give equal outputs."""
    checks: list[Evidence] = []
    for radius in (0.5, 2.0):
        for unit in units(rng):
            values: Values = {"g": unit.g, "radius": radius}
            checks += _stretched(rng, scale, unit, unit.g, values)
    return checks


@simulates(smoothness.largest_weight_gradient, unit="inputs")
def largest_weight_gradient(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Such inputs with batch norm, whose gradient is by complex steps."""
    checks: list[Evidence] = []
    for radius in (0.5, 2.0):
        for unit in units(rng, sizes=(3, 8)):
            slope = complex_gradient(unit.loss, unit.y)
            values: Values = {
                "y": unit.y,
                "g": unit.g,
                "gamma": unit.gamma,
                "radius": radius,
            }
            checks += _stretched(rng, scale, unit, slope, values)
    return checks
