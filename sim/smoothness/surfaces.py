"""Pictures of a loss: points of slices and lines are evaluated one by one."""

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Rounded, at
from sim.smoothness.draws import Array, normalise, outputs
from sim.smoothness.functions import excess
from sim.smoothness.predictiveness import problem
from sim.table import simulates
from theory import smoothness


def layer(rng: np.random.Generator) -> tuple[Array, Array, Array, Array]:
    """Inputs, weights of any length, a direction and the gradient of a linear loss."""
    N, B = 4, 6
    W, d, g = rng.normal(size=N), 3 * rng.normal(size=N), rng.normal(size=B)
    X = rng.normal(size=(N, B))
    X += np.outer(W, outputs(rng, B) - X.T @ W) / (W @ W)
    return X, W, d, g


def lost(outputs: Array) -> float:
    """The accuracy that the mean of ``outputs`` costs."""
    return float(1 + np.abs(outputs).max() / np.std(outputs))


@simulates(smoothness.filter_normalised_slice, unit="point")
def filter_normalised_slice(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The loss along the rescaled direction, for weights that are a thousand times smaller or
    larger."""
    checks: list[Evidence] = []
    X, W, d, g = layer(rng)
    for factor in (1e-3, 1.0, 1e3):
        for x in (-0.2, 0.1, 0.3):
            weights = factor * W
            moved = weights + x * np.linalg.norm(weights) / np.linalg.norm(d) * d
            size = np.abs(g).sum() * len(g) * lost(X.T @ moved) * np.abs(X).sum()
            size *= np.linalg.norm(weights) / np.std(X.T @ moved)
            values = at(X=X, W=W, d=d, g=g, x=x)
            checks.append(Rounded(values, g @ normalise(X.T @ moved), size))
    return checks


@simulates(smoothness.raw_slice, unit="point")
def raw_slice(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The loss along the direction without rescaling."""
    checks: list[Evidence] = []
    X, W, d, g = layer(rng)
    for factor in (0.5, 1.0, 4.0):
        for x in (-0.2, 0.1, 0.3):
            moved = factor * W + x * d
            size = np.abs(g).sum() * len(g) * lost(X.T @ moved) * np.abs(X).sum()
            size *= (np.linalg.norm(factor * W) + np.linalg.norm(d)) / np.std(X.T @ moved)
            values = at(X=X, W=factor * W, d=d, g=g, x=x)
            checks.append(Rounded(values, g @ normalise(X.T @ moved), size))
    return checks


@simulates(smoothness.interpolated_loss, unit="point")
def interpolated_loss(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The loss at points of a line, entry by entry."""
    checks: list[Evidence] = []
    for N in (1, 4):
        R, V = problem(rng, N)
        d = V + rng.normal(size=N)
        for x in (-0.5, 0.3, 0.5, 1.7):
            size = 8 * np.abs(R).sum() * (np.abs(V).max() + np.abs(d).max()) ** 2
            observed = excess(R, (1 - x) * V + x * d)
            checks.append(Rounded(at(R=R, V=V, d=d, x=x), observed, size))
    return checks


@simulates(smoothness.nearest_multiple, unit="pair of points")
def nearest_multiple(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The distance from the weights to the line through a minimum, by least squares."""
    checks: list[Evidence] = []
    for N in (2, 6):
        W, goal = rng.normal(size=(2, N))
        k = np.linalg.lstsq(goal[:, None], W, rcond=None)[0][0]
        distance = sum((a - k * b) ** 2 for a, b in zip(W, goal, strict=True))
        size = N * (np.abs(W).max() + (1 + abs(k)) * np.abs(goal).max()) ** 2
        size *= 1 + (W @ W) / (goal @ goal)
        checks.append(Rounded(at(W=W, d=W - goal), distance, size))
    return checks
