"""The surface: derivatives are differences of the loss, exact for a quadratic at any step."""

from functools import partial

import numpy as np

from companion.scale import Scale
from sim.evidence import Bounded, Evidence, Rounded, at
from sim.quadratic.draws import SIZES, both_sides, data, loss, loss_terms, second_differences
from sim.table import simulates
from theory import quadratic


@simulates(quadratic.form, unit="data set")
def form(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The loss summed example by example, as the definition says."""
    checks: list[Evidence] = []
    for N, p in SIZES:
        X, Y, W = data(rng, N, p)
        checks.append(Rounded(at(X=X, Y=Y, W=W), loss(X, Y, W), loss_terms(X, Y, W)))
    return checks


@simulates(quadratic.gradient, unit="data set")
def gradient(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Central differences of the loss, one weight at a time, with step 1."""
    checks: list[Evidence] = []
    for N, p in SIZES:
        X, Y, W = data(rng, N, p)
        slopes = [(loss(X, Y, W + e) - loss(X, Y, W - e)) / 2 for e in np.eye(N)]
        checks.append(Rounded(at(X=X, Y=Y, W=W), slopes, loss_terms(X, Y, abs(W) + 1)))
    return checks


@simulates(quadratic.hessian, unit="data set")
def hessian(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Second differences of the loss at some weights and targets, with step 1."""
    checks: list[Evidence] = []
    for N, p in SIZES:
        X, Y, W = data(rng, N, p)
        curvatures = second_differences(partial(loss, X, Y), W, np.eye(N))
        checks.append(Rounded(at(X=X), curvatures, 4 * loss_terms(X, Y, abs(W) + 2)))
    return checks


@simulates(quadratic.directional_curvature, unit="direction")
def directional_curvature(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Second differences of the loss along a random direction and along an eigenvector."""
    checks: list[Evidence] = []
    for N, p in SIZES:
        X, Y, W = data(rng, N, p)
        R = X @ X.T / p
        along = rng.normal(size=N)
        for u in (along / np.linalg.norm(along), np.linalg.eigh(R)[1][:, -1]):
            curvature = loss(X, Y, W + u) - 2 * loss(X, Y, W) + loss(X, Y, W - u)
            magnitude = 4 * loss_terms(X, Y, abs(W) + abs(u))
            checks.append(Rounded(at(R=R, u=u), curvature, magnitude))
    return checks


@simulates(quadratic.curvature_bounds, unit="direction")
def curvature_bounds(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The mean square of u.X along random directions and along the singular vectors of the data."""
    checks: list[Evidence] = []
    draws = scale.pick(10, 200, 5000)
    for N, p in SIZES:
        X = data(rng, N, p)[0]
        anywhere = rng.normal(size=(N, draws))
        directions = np.hstack([anywhere / np.linalg.norm(anywhere, axis=0), np.linalg.svd(X)[0]])
        curvatures = ((X.T @ directions) ** 2).mean(axis=0)
        sides = both_sides(R=X @ X.T / p, u=directions[:, 0])
        checks.append(Bounded(sides, curvatures, N * curvatures.max(), draws=draws))
    return checks
