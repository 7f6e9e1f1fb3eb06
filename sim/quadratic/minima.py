"""The minima: descents that are run to their end, and least squares on the data."""

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Rounded, at
from sim.quadratic.draws import (
    RANKS,
    SIZES,
    Array,
    best_weights,
    data,
    loss,
    loss_terms,
    second_differences,
    with_spectrum,
)
from sim.table import simulates
from theory import quadratic


@simulates(quadratic.solution_set, unit="data set")
def solution_set(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Descent from random weights until nothing moves. The condition number is at most 4."""
    checks: list[Evidence] = []
    steps = 200
    for N, rank in RANKS:
        X = with_spectrum(rng, N, rng.uniform(1, 4, rank))
        p: int = X.shape[1]
        Y, start = rng.normal(size=p), rng.normal(size=N)
        rate = p / np.linalg.norm(X, 2) ** 2
        W = start
        for _ in range(steps):
            W = W - rate * sum((W @ X[:, u] - Y[u]) * X[:, u] for u in range(p)) / p
        # each step adds terms of the size of the weights and of the residuals
        magnitude = steps * (abs(start) + abs(W)).max() + np.linalg.norm(Y)
        checks.append(Rounded(at(X=X, Y=Y, W=start), W, magnitude))
    return checks


@simulates(quadratic.minimum, unit="data set")
def minimum(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The loss at the least-squares weights, by singular values of the data."""
    checks: list[Evidence] = []
    for N, rank in RANKS:
        eigenvalues = rng.uniform(1, 4, rank)
        X = with_spectrum(rng, N, eigenvalues)
        p: int = X.shape[1]
        Y = rng.normal(size=p)
        condition = eigenvalues.max() / eigenvalues.min()
        checks.append(Rounded(at(X=X, Y=Y), loss(X, Y, best_weights(X, Y)), condition * (Y @ Y)))
    return checks


@simulates(quadratic.rotation, unit="data set")
def rotation(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The loss at a displaced minimum minus the loss at the minimum."""
    checks: list[Evidence] = []
    for N, p in SIZES:
        X, Y, d = data(rng, N, p)
        optimum = best_weights(X, Y)
        excess = loss(X, Y, optimum + d) - loss(X, Y, optimum)
        R = X @ X.T / p
        magnitude = 2 * loss_terms(X, Y, abs(optimum) + abs(d))
        checks.append(Rounded(at(R=R, U=np.linalg.eigh(R)[1], d=d), excess, magnitude))
    return checks


@simulates(quadratic.diagonal_energy, unit="data set")
def diagonal_energy(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """First and second differences of the loss along the principal axes, with step 1."""
    checks: list[Evidence] = []
    for N, p in SIZES:
        X, Y, V = data(rng, N, p)
        R, optimum = X @ X.T / p, best_weights(X, Y)
        U = np.linalg.eigh(R)[1]

        def along(v: Array, X: Array = X, Y: Array = Y, U: Array = U, o: Array = optimum) -> float:
            return loss(X, Y, o + U @ v)

        slopes = [(along(V + e) - along(V - e)) / 2 for e in np.eye(N)]
        curvatures = second_differences(along, V, np.eye(N))
        magnitude = 4 * loss_terms(X, Y, abs(optimum) + abs(U) @ (abs(V) + 2))
        for name, observed in (("gradient", slopes), ("hessian", curvatures)):
            checks.append(Rounded(at(name, R=R, U=U, V=V), observed, magnitude))
    return checks
