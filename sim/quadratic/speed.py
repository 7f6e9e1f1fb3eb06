"""Speed at the rate 1/lambda_max: the distance to the minimum that steps leave."""

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Rounded, at
from sim.quadratic.draws import RANKS, curved_axes, with_spectrum
from sim.quadratic.stability import plain
from sim.table import simulates
from theory import quadratic


@simulates(quadratic.isotropic_one_step, unit="matrix R")
def isotropic_one_step(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The longest vector that a step at 1/lambda_max makes of a vector of length 1.

    Eigenvalues are equal and unequal, with flat directions and without.
    """
    checks: list[Evidence] = []
    for N, rank in RANKS:
        for eigenvalues in (rng.uniform(0.5, 2, rank), np.full(rank, 1.7)):
            X = with_spectrum(rng, N, eigenvalues)
            R = X @ X.T / X.shape[1]
            span, curvatures = curved_axes(X, rank)
            left = np.linalg.norm(plain(R, 1 / curvatures[0], span), 2)
            checks.append(Rounded(at(R=R), left, magnitude=1))
    return checks


@simulates(quadratic.slowest_mode, unit="descent")
def slowest_mode(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Descent at 1/lambda_max until only the slowest mode is left, then one more step."""
    checks: list[Evidence] = []
    for N, rank in RANKS[:2]:
        condition = rng.uniform(5, 12)
        others = rng.uniform(2, 4, rank - 2)  # twice the smallest or more, gone after 500 steps
        X = with_spectrum(rng, N, np.concatenate([[1, condition], others]))
        R = X @ X.T / X.shape[1]
        span, eigenvalues = curved_axes(X, rank)
        A, W = span.T @ R @ span, np.ones(rank)  # flat directions would keep rounding errors
        for _ in range(500):
            before, W = W, plain(A, 1 / eigenvalues[0], W)
        time = -1 / np.log(np.linalg.norm(W) / np.linalg.norm(before))
        # its inverse is the logarithm of a number known to eps times the condition
        checks.append(Rounded(at(R=R), time, magnitude=condition * time**2))
    return checks
