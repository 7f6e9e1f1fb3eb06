"""The blocks: products of Jacobians, and second differences of the loss."""

from functools import partial

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Rounded, at
from sim.preconditioning.draws import Array, jacobian, layers, outputs
from sim.table import simulates
from theory import preconditioning


@simulates(preconditioning.blocks_of_preconditioner, unit="layer")
def blocks_of_preconditioner(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """RR' with the Jacobian R of the change back."""
    checks: list[Evidence] = []
    for n, _, _, theta, known in layers(rng, scale):
        R = jacobian(partial(known.from_standard, n=n), theta.size)
        values = at(mu=known.mu, Sigma=known.Sigma, n=n)
        # Sigma has the condition number 16
        checks.append(Rounded(values, R @ R.T, 16 * (abs(R) @ abs(R).T).max()))
    return checks


@simulates(preconditioning.blocks_of_inverse, unit="layer")
def blocks_of_inverse(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """J'J with the Jacobian J of the change of parameters."""
    checks: list[Evidence] = []
    for n, _, _, theta, known in layers(rng, scale):
        J = jacobian(partial(known.to_standard, n=n), theta.size)
        values = at(mu=known.mu, Sigma=known.Sigma, n=n)
        checks.append(Rounded(values, J.T @ J, (abs(J).T @ abs(J)).max()))
    return checks


@simulates(preconditioning.determinant, unit="layer")
def determinant(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The product of the pivots of J'J, where J is the Jacobian of the change of parameters."""
    checks: list[Evidence] = []
    for n, _, _, theta, known in layers(rng, scale):
        J = jacobian(partial(known.to_standard, n=n), theta.size)
        pivots = np.diag(np.linalg.cholesky(J.T @ J)) ** 2
        values = at(mu=known.mu, Sigma=known.Sigma, n=n)
        # d ln det = tr(A^-1 dA), at most the size times the condition number
        magnitude = np.prod(pivots) * theta.size * np.linalg.cond(J) ** 2
        checks.append(Rounded(values, np.prod(pivots), magnitude))
    return checks


@simulates(preconditioning.layer_hessian, unit="layer")
def layer_hessian(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Second differences of the squared loss, exact at any step."""
    checks: list[Evidence] = []
    for n, N, p, theta, _ in layers(rng, scale):
        X, targets = rng.normal(size=(N, p)) + 1, rng.normal(size=(n, p))

        def loss(t: Array, n: int = n, X: Array = X, Y: Array = targets) -> float:
            return float(np.sum((outputs(t, X, n) - Y) ** 2) / (2 * X.shape[1]))

        axes = np.eye(theta.size)
        bends = [
            [loss(theta + a + b) - loss(theta + a) - loss(theta + b) + loss(theta) for a in axes]
            for b in axes
        ]
        residual = outputs(abs(theta) + 2, abs(X), n) + abs(targets)
        checks.append(Rounded(at(X=X, n=n), bends, 4 * np.sum(residual**2) / p))
    return checks
