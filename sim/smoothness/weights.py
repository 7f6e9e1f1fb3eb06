"""From outputs to weights: complex steps in the weights."""

import numpy as np

from companion.scale import Scale
from sim.evidence import Bounded, Evidence, Rounded, at
from sim.smoothness.draws import Array, Unit, Values, outputs, sides, units
from sim.smoothness.draws import weight_gradient as slope_in_weights
from sim.table import simulates
from theory import smoothness

#: (inputs, examples): fewer inputs than examples, and more.
SHAPES = ((2, 5), (6, 4))


def layers(rng: np.random.Generator) -> list[tuple[Array, Array, Unit]]:
    """Inputs, weights, and the unit that has their outputs."""
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
    """Second derivatives of the loss in the weights, and along the gradient in the weights."""
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
