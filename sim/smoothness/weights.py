"""From outputs to weights: complex steps in the weights, and inputs built for the worst."""

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Bounded, Evidence, Rounded, at
from sim.smoothness.draws import Array, Unit, Values, never_above, outputs, sides, units
from sim.smoothness.draws import weight_gradient as slope_in_weights
from sim.table import simulates
from theory import smoothness

#: Inputs and examples: fewer inputs than examples, and more.
SHAPES = ((2, 5), (6, 4))


def layers(rng: np.random.Generator) -> list[tuple[Array, Array, Unit]]:
    """Inputs, weights and the unit whose outputs they give."""
    cases = []
    for N, B in SHAPES:
        W = rng.normal(size=N)
        W *= rng.uniform(0.5, 2) / np.linalg.norm(W)
        X = rng.normal(size=(N, B))
        X += np.outer(W, outputs(rng, B) - X.T @ W) / (W @ W)  # outputs apart from one another
        (unit,) = units(rng, eps=bool(rng.integers(2)), sizes=(B,))
        unit.y = X.T @ W
        cases.append((X, W, unit))
    return cases


@simulates(smoothness.weight_gradient, unit="layer")
def weight_gradient(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The slope of the loss in each weight."""
    checks: list[Evidence] = []
    for X, W, unit in layers(rng):
        slope = slope_in_weights(unit, X, W)
        values: Values = {"X": X, "W": W, "g": unit.g, "gamma": unit.gamma, "eps": unit.eps}
        checks.append(Rounded(at(**values), slope, unit.slope_size * np.abs(X).sum()))
    return checks


@simulates(smoothness.weight_hessian, unit="layer")
def weight_hessian(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Second derivatives of the loss in the weights, and along the gradient in them."""
    checks: list[Evidence] = []
    for X, W, unit in layers(rng):
        N = len(W)
        axes = np.eye(N)
        pairs = [
            [(unit.curvature(X.T @ (a + b)), unit.curvature(X.T @ (a - b))) for a in axes]
            for b in axes
        ]
        matrix = [[(plus[0] - minus[0]) / 4 for plus, minus in row] for row in pairs]
        size = max(plus[1] + minus[1] for row in pairs for plus, minus in row)
        slope = slope_in_weights(unit, X, W)
        bent, along = unit.curvature(X.T @ slope)
        values: Values = {
            "X": X,
            "W": W,
            "eps": unit.eps,
            "g": unit.g,
            "H": unit.H,
            "gamma": unit.gamma,
        }
        # the direction itself has an error of the size of its terms
        error = unit.slope_size * np.abs(X).sum() * np.linalg.norm(slope) * np.abs(matrix).sum()
        checks.append(Rounded(at("hessian", **values), matrix, N * size * np.abs(X).sum()))
        checks.append(Rounded(at("along the gradient", **values), bent, along + error))
    return checks


@simulates(smoothness.weight_gradient_bounds, unit="gradient")
def weight_gradient_bounds(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Random gradients in the outputs, and the singular vectors of the inputs."""
    checks: list[Evidence] = []
    for N, B in SHAPES:
        X = rng.normal(size=(N, B)) * 2
        gradients = [*rng.normal(size=(scale.pick(5, 40, 500), B)), *np.linalg.svd(X)[2]]
        lengths = [sum(sum(row[b] * g[b] for b in range(B)) ** 2 for row in X) for g in gradients]
        values = [{"X": X, "g": g} for g in gradients]
        magnitude = np.abs(X).sum() ** 2 * max(g @ g for g in gradients)
        checks.append(Bounded(sides(values), lengths, magnitude, draws=len(values)))
    return checks


def maximiser(y: Array, W: Array, slope: Array, radius: float, away: Array) -> tuple[Array, Array]:
    """Weights and inputs of norm ``radius`` that give y and stretch ``slope`` by the radius.

    ``away`` is a direction for the image of ``slope``; W is turned to have the share along it that
    y has along ``slope``.
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
    """Inputs that stretch the plain gradient most, and random ones that give the same outputs."""
    checks: list[Evidence] = []
    for radius in (0.5, 2.0):
        for unit in units(rng):
            values: Values = {"g": unit.g, "radius": radius}
            checks += _stretched(rng, scale, unit, unit.g, values)
    return checks


@simulates(smoothness.largest_weight_gradient, unit="inputs")
def largest_weight_gradient(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The same with batch norm, its gradient by complex steps."""
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
