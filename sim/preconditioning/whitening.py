"""Other factors of a covariance, and inputs whose variances alone are standardised."""

from functools import partial

import numpy as np

from companion.scale import Scale
from sim.evidence import Bounded, Evidence, Form, Rounded, at
from sim.preconditioning.draws import (
    Array,
    Statistics,
    inputs_with,
    jacobian,
    layers,
    principal_curvatures,
    statistics,
)
from sim.table import simulates
from theory import preconditioning


@simulates(preconditioning.any_factor, unit="layer")
def any_factor(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """RR' of another factor of one covariance."""
    checks: list[Evidence] = []
    for n, N, _, theta, known in layers(rng, scale):
        turn = np.linalg.qr(rng.normal(size=(N, N)))[0]
        other = Statistics(known.mu, known.Sigma, known.L @ turn)
        R = jacobian(partial(other.from_standard, n=n), theta.size)
        values = at(mu=known.mu, L=known.L, turn=turn, n=n)
        # Sigma has the condition number 16
        checks.append(Rounded(values, R @ R.T, 16 * (abs(R) @ abs(R).T).max()))
    return checks


def condition_of(rng: np.random.Generator, known: Statistics) -> float:
    """The condition number of the Hessian of data that are standardised unit by unit."""
    deviations = np.sqrt(np.diag(known.Sigma))
    unitwise = Statistics(known.mu, np.diag(deviations**2), np.diag(deviations))
    X = inputs_with(rng, 2 * len(deviations) + 4, known)
    curvatures = principal_curvatures(unitwise.standardised(X))
    return float(curvatures[0] / curvatures[-1])


@simulates(preconditioning.variances_only, unit="covariance")
def variances_only(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Covariances of one to six inputs."""
    checks: list[Evidence] = []
    for N in (6, 3, 2, 1):
        for _ in range(scale.pick(1, 4, 40)):
            known = statistics(rng, N)
            condition = condition_of(rng, known)
            # the smallest eigenvalue is known to eps times the largest, and Sigma's condition is 16
            checks.append(Rounded(at(Sigma=known.Sigma), condition, 16 * N * condition**2))
    return checks


@simulates(preconditioning.correlation_bounds, unit="covariance")
def correlation_bounds(rng: np.random.Generator, scale: Scale) -> Evidence:
    """Any covariances, and covariances with a single correlated pair."""
    known = [statistics(rng, N) for N in (2, 3, 4, 6) for _ in range(scale.pick(2, 8, 80))]
    known += [_single_pair(rng, N) for N in (2, 3, 5) for _ in range(4)]
    conditions = [condition_of(rng, each) for each in known]

    def predict(form: Form) -> tuple[list[float], list[float]]:
        bounds = [form(Sigma=each.Sigma) for each in known]
        return [each["lower"] for each in bounds], [each["upper"] for each in bounds]

    # (1 + c)/(1 - c) loses its square times the rounding of c, and of the determinant's root
    magnitude = 16 * 6 * max(conditions) ** 2
    return Bounded(predict, conditions, magnitude, draws=len(known))


def _single_pair(rng: np.random.Generator, N: int) -> Statistics:
    together: Array = np.eye(N)
    together[0, 1] = together[1, 0] = rng.uniform(0.3, 0.8) * rng.choice([-1, 1])
    deviations = rng.uniform(0.5, 2, N)
    Sigma = together * np.outer(deviations, deviations)
    return Statistics(rng.normal(size=N), Sigma, np.linalg.cholesky(Sigma))
