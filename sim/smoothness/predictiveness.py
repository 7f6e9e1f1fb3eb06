"""A gradient can be trusted so far: steps of descent are taken, and slopes are compared."""

from functools import partial

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Evidence, Fitted, Rounded, at
from sim.smoothness.draws import Array
from sim.smoothness.functions import excess
from sim.smoothness.hessian import disguised
from sim.table import simulates
from theory import smoothness


def problem(rng: np.random.Generator, N: int) -> tuple[Array, Array]:
    """A positive semidefinite R and a displacement."""
    root = rng.normal(size=(N, N + 2)) / np.sqrt(N + 2)
    R = root @ root.T
    return (R + R.T) / 2, rng.normal(size=N)


@simulates(smoothness.gradient_predictiveness, unit="step")
def gradient_predictiveness(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The change of the slope over a step of descent."""
    checks: list[Evidence] = []
    for N in (2, 5):
        R, d = problem(rng, N)
        slope = partial(complex_gradient, partial(excess, R))
        for rate in (0.01, 0.5):
            change = np.linalg.norm(slope(d) - slope(d - rate * slope(d)))
            size = N * np.abs(R).sum() * (np.abs(d).max() + rate * np.abs(R @ d).max())
            checks.append(Rounded(at(R=R, d=d, eta=rate), change, size))
    return checks


@simulates(smoothness.fall_of_the_loss, unit="step")
def fall_of_the_loss(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The loss before a step of descent minus the loss after it."""
    checks: list[Evidence] = []
    for N in (2, 5):
        R, d = problem(rng, N)
        for rate in (0.05, 1.0):
            after = d - rate * complex_gradient(partial(excess, R), d)
            fall = excess(R, d) - excess(R, after)
            size = np.abs(R).sum() * (np.abs(d).max() + np.abs(after).max()) ** 2
            size *= (1 + rate * np.abs(R).sum()) ** 2
            checks.append(Rounded(at(R=R, d=d, eta=rate), fall, size))
    return checks


@simulates(smoothness.effective_beta, unit="start")
def effective_beta(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The largest change of the slope over the distance, for steps up to the rate."""
    checks: list[Evidence] = []
    for N in (2, 5):
        R, d = problem(rng, N)
        slope = partial(complex_gradient, partial(excess, R))
        start = slope(d)
        rate = rng.uniform(0.5, 2)
        ratios = [
            np.linalg.norm(start - slope(d - step * start)) / np.linalg.norm(step * start)
            for step in rate * np.array([0.25, 0.5, 1.0])
        ]
        size = N * np.abs(R).sum() * (np.abs(d).max() + rate * np.abs(start).max())
        size /= rate * np.linalg.norm(start) / 4
        checks.append(Rounded(at(R=R, d=d, eta=rate), max(ratios), size * (1 + np.abs(R).sum())))
    return checks


@simulates(smoothness.effective_beta_of_small_steps, unit="batch")
def effective_beta_of_small_steps(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The change of the slope before batch norm over the distance, for shrinking steps."""
    unit, _, factor = disguised(rng)
    slope = complex_gradient(unit.loss, unit.y)
    steps = factor**2 * 2.0 ** -np.arange(3, 14)
    ratios = [
        np.linalg.norm(slope - complex_gradient(unit.loss, unit.y - step * slope))
        / np.linalg.norm(step * slope)
        for step in steps
    ]
    return [Fitted(at(**unit.values), ratios, 1 / steps, 1.0)]
