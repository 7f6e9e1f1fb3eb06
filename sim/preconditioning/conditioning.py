"""Curvatures and descents in coordinates that are standardised by the sample, or by an old mean."""

from functools import partial

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Evidence, Rounded, at
from sim.preconditioning.draws import (
    Statistics,
    inputs_with,
    layers,
    outputs,
    principal_curvatures,
    sample_statistics,
    squared_loss,
)
from sim.table import simulates
from theory import preconditioning

#: The largest condition number of the covariances that are drawn.
CONDITION = 16


@simulates(preconditioning.standardised_hessian, unit="layer")
def standardised_hessian(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Second differences of the squared loss in the coordinates of the sample's statistics."""
    checks: list[Evidence] = []
    for n, _, p, theta, known in layers(rng, scale):
        X, targets = inputs_with(rng, p, known), rng.normal(size=(n, p))
        standard, axes = sample_statistics(X).standardised(X), np.eye(theta.size)

        def loss(*steps: np.ndarray, Z: np.ndarray = standard, Y: np.ndarray = targets) -> float:
            return squared_loss(np.sum(steps, axis=0), Z, Y)

        bends = [
            [loss(theta, a, b) - loss(theta, a) - loss(theta, b) + loss(theta) for a in axes]
            for b in axes
        ]
        terms = (outputs(abs(theta) + 2, abs(standard), n) + abs(targets)) ** 2
        checks.append(Rounded(at(X=X, n=n), bends, 4 * CONDITION * np.sum(terms) / p))
    return checks


@simulates(preconditioning.outdated_mean, unit="layer")
def outdated_mean(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Principal curvatures of data that were standardised with a mean other than their own."""
    checks: list[Evidence] = []
    for _, _, p, _, known in layers(rng, scale):
        X = inputs_with(rng, p, known)
        away = known.L @ rng.normal(size=len(known.mu))
        delta = rng.uniform(0.3, 1.5)
        mu0 = known.mu + away * delta / np.linalg.norm(np.linalg.solve(known.L, away))
        old = Statistics(mu0, known.Sigma, known.L)
        curvatures = principal_curvatures(old.standardised(X))
        high, low = curvatures[0], curvatures[-1]
        observed = {
            "condition": high / low,
            "rate": 2 / (high + low),
            "contraction": (high - low) / (high + low),
        }
        # delta is the difference of two means, over standard deviations
        lost = CONDITION * (1 + abs(known.mu).max() / delta) * high / low
        for name, value in observed.items():
            values = at(name, mu0=mu0, mu=known.mu, Sigma=known.Sigma)
            checks.append(Rounded(values, value, lost * max(value, 1)))
    return checks


@simulates(preconditioning.excess_loss, unit="descent")
def excess_loss(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The excess loss while descent runs on standardised inputs, over the excess at the start.

    The excess is the loss minus the loss of least squares.
    """
    checks: list[Evidence] = []
    for n, N, p, theta, known in layers(rng, scale):
        X, targets = inputs_with(rng, p, known), rng.normal(size=(n, p))
        standard = sample_statistics(X).standardised(X)
        design = np.vstack([standard, np.ones(p)])
        best = np.linalg.lstsq(design.T, targets.T, rcond=None)[0].ravel()
        loss = partial(squared_loss, inputs=standard, targets=targets)
        least, start = loss(best), loss(theta)
        for rate in (0.3, 1.0, 1.6):
            now, steps = theta, 3
            for _ in range(steps):
                now = now - rate * complex_gradient(loss, now)
            left = (loss(now) - least) / (start - least)
            # each step adds terms of the size of the first residuals
            terms = steps * (N + 1) * CONDITION * start / (start - least)
            checks.append(Rounded(at(eta=rate, k=steps), left, terms))
    return checks
