"""The rate at which one step of an algorithm stops contracting is the limit of stability."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import bisect

from companion.scale import Scale
from sim.evidence import Evidence, Exact, Form, Rounded, at
from sim.quadratic.draws import RANKS, Array, curved_axes, with_spectrum
from sim.table import simulates
from theory import quadratic

#: One step of an algorithm at a learning rate, from states (the columns) to states.
Algorithm = Callable[[Array, float, Array], Array]


def plain(R: Array, rate: float, states: Array) -> Array:
    """Gradient descent towards W = 0."""
    return states - rate * (R @ states)


def heavy_ball(beta: float) -> Algorithm:
    """Gradient descent with Polyak's momentum. A state is (W(k), W(k-1))."""

    def step(R: Array, rate: float, states: Array) -> Array:
        now, before = np.split(states, 2)
        return np.concatenate([now - rate * (R @ now) + beta * (now - before), now])

    return step


def nesterov(beta: float) -> Algorithm:
    """Gradient descent from the extrapolated point. A state is (W(k), W(k-1))."""

    def step(R: Array, rate: float, states: Array) -> Array:
        now, before = np.split(states, 2)
        ahead = now + beta * (now - before)
        return np.concatenate([ahead - rate * (R @ ahead), now])

    return step


def averaged(beta: float) -> Algorithm:
    """Gradient descent along a running average of gradients. A state is (W, average)."""

    def step(R: Array, rate: float, states: Array) -> Array:
        now, average = np.split(states, 2)
        average = beta * average + (1 - beta) * (R @ now)
        return np.concatenate([now - rate * average, average])

    return step


def largest_rate(
    rng: np.random.Generator, algorithm: Callable[[float], Algorithm], beta: float | None
) -> list[Evidence]:
    """The rate at which one step stops contracting, and descents a little below and above that
    rate.

    The directions in which the loss is flat are left out: R is taken in the span of the data.
    """
    checks: list[Evidence] = []
    momentum = 0.0 if beta is None else beta
    values: dict[str, Any] = {} if beta is None else {"beta": beta}
    step = algorithm(momentum)
    for N, rank in RANKS:
        X = with_spectrum(rng, N, rng.uniform(0.5, 2, rank))
        R = X @ X.T / X.shape[1]
        span, _ = curved_axes(X, rank)
        curved = span.T @ R @ span
        states = rank * (1 if algorithm is _no_momentum else 2)

        def beyond(rate: float, A: Array = curved, n: int = states) -> float:
            return float(np.abs(np.linalg.eigvals(step(A, rate, np.eye(n)))).max() - 1)

        unstable = 1 / np.trace(R)
        while beyond(unstable) < 0:
            unstable *= 2
        edge = bisect(beyond, unstable / 2, unstable, xtol=1e-15 * unstable, rtol=1e-15)
        terms = np.linalg.norm(step(curved, edge, np.eye(states)), 2)
        checks.append(Rounded(at(R=R, **values), edge, edge * terms))

        def settles(form: Form, R: Array = R, A: Array = curved, n: int = states) -> list[bool]:
            rate = form(R=R, **values)
            return [_settles(step, A, factor * rate, n) for factor in (0.99, 1.01)]

        checks.append(Exact(settles, [True, False]))
    return checks


def _no_momentum(beta: float) -> Algorithm:
    return plain


def _settles(step: Algorithm, R: Array, rate: float, states: int) -> bool:
    """Whether 2,000 steps from (1, ..., 1) come nearer to the minimum."""
    start = state = np.ones(states)
    for _ in range(2000):
        state = step(R, rate, state)
        if not abs(state).max() < 1e100:  # long diverged, and near to overflow
            return False
    return bool(np.linalg.norm(state) < np.linalg.norm(start))


@simulates(quadratic.max_rate, unit="matrix R")
def max_rate(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The rate at which a step of descent stops contracting."""
    return largest_rate(rng, _no_momentum, None)


@simulates(quadratic.max_rate_heavy_ball, unit="matrix R")
def max_rate_heavy_ball(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The rate at which a step of the heavy ball stops contracting."""
    return largest_rate(rng, heavy_ball, rng.uniform(0.2, 0.9))


@simulates(quadratic.max_rate_nesterov, unit="matrix R")
def max_rate_nesterov(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The rate at which a step of Nesterov's momentum stops contracting."""
    return largest_rate(rng, nesterov, rng.uniform(0.2, 0.9))


@simulates(quadratic.max_rate_ema, unit="matrix R")
def max_rate_ema(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The rate at which a step along averaged gradients stops contracting."""
    return largest_rate(rng, averaged, rng.uniform(0.2, 0.9))
