"""Two descents on one loss, with weight decay and on a schedule without it, are compared in
direction."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Form, Rounded
from sim.invariance.descents import gradient_of, path
from sim.invariance.draws import Array, HomogeneousLoss, random_loss
from sim.table import simulates
from theory import invariance

COUNT = 30
Run = Callable[[Form], Array]


def directions(weights: Array) -> Array:
    """The weights divided by their lengths."""
    return np.asarray(weights / np.linalg.norm(weights, axis=1, keepdims=True))


def magnitude(loss: HomogeneousLoss, W: Array, rate: float, beta: float, decay: float) -> float:
    """The size of the terms of all steps. Each size is multiplied by the growth of its rounding.

    A step's matrix is (I - rate (H + decay), -rate beta; H + decay, beta), where H is the Hessian
    by differences of the gradient. This matrix carries the rounding of weights and buffer on.
    """
    n, slope, small = len(W), gradient_of(loss), 1e-6
    weights, buffers = path(slope, W, [rate] * COUNT, beta, decay)
    lengths = np.linalg.norm(weights, axis=1)
    carried: list[tuple[Array, float, float]] = []  # (product of matrices, size of W, size of v)
    worst = 1.0
    for k in range(COUNT):
        here, size = weights[k], loss.size / lengths[k]
        differences = [
            (slope(here + small * axis) - slope(here - small * axis)) / (2 * small)
            for axis in np.eye(n)
        ]
        bent = np.array(differences).T + decay * np.eye(n)
        one = np.eye(n)
        step = np.block([[one - rate * bent, -rate * beta * one], [bent, beta * one]])
        buffer = np.linalg.norm(buffers[k]) + size + (1 - np.sqrt(beta)) * lengths[k] / rate
        carried = [(step @ before, *sizes) for before, *sizes in carried]
        carried.append((np.eye(2 * n), lengths[k] + rate * buffer, buffer))
        lost = sum(
            np.linalg.norm(matrix[:n, :n], 2) * of_weights
            + np.linalg.norm(matrix[:n, n:], 2) * of_buffer
            for matrix, of_weights, of_buffer in carried
        )
        worst = max(worst, float(lost / lengths[k + 1]))
    return worst


def problem(rng: np.random.Generator, n: int) -> tuple[HomogeneousLoss, Array]:
    """A loss and weights to start from, which are away from the loss's own direction."""
    loss = random_loss(rng, n)
    start = loss.u + 0.5 * rng.normal(size=n) / np.sqrt(n)
    return loss, rng.uniform(0.8, 1.5) * start


def scheduled(loss: HomogeneousLoss, W: Array, values: dict[str, Any], form: Form) -> Array:
    """Weights of descent without decay, at the rates and from the buffer of ``form``."""
    schedule = form(**values)
    buffer = schedule.get("buffer", 0.0) * W
    rates = schedule["rate"] * np.ones(COUNT)
    return path(gradient_of(loss), W, rates, values.get("beta", 0.0), buffer=buffer)[0]


@simulates(invariance.exponential_schedule, unit="descent")
def exponential_schedule(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Directions of the descent with decay, and its lengths against the lengths without decay."""
    checks: list[Evidence] = []
    for n in (2, 5):
        loss, W = problem(rng, n)
        rate, decay = rng.uniform(0.02, 0.1), rng.uniform(0.3, 1)
        with_decay, _ = path(gradient_of(loss), W, [rate] * COUNT, decay=decay)
        size = magnitude(loss, W, rate, 0.0, decay)
        values = {"eta": rate, "decay": decay, "k": np.arange(COUNT)}
        run = partial(scheduled, loss, W, values)

        def turned(form: Form, run: Run = run) -> Array:
            return directions(run(form))

        def lengths(form: Form, run: Run = run, values: dict[str, Any] = values) -> Array:
            long = np.linalg.norm(run(form), axis=1)[:-1]
            return np.asarray(long / form(**values)["length"])

        longest = np.linalg.norm(with_decay, axis=1)
        checks.append(Rounded(turned, directions(with_decay), size))
        checks.append(Rounded(lengths, longest[:-1], size * float(longest.max())))
    return checks


@simulates(invariance.exponential_schedule_with_momentum, unit="descent")
def exponential_schedule_with_momentum(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Directions of the descents with momentum, small and large."""
    checks: list[Evidence] = []
    for n, beta in ((2, 0.3), (5, 0.8)):
        loss, W = problem(rng, n)
        product = rng.uniform(0.3, 0.9) * (1 - np.sqrt(beta)) ** 2
        rate = rng.uniform(0.02, 0.05)
        decay = product / rate
        with_decay, _ = path(gradient_of(loss), W, [rate] * COUNT, beta, decay)
        size = magnitude(loss, W, rate, beta, decay)
        values = {"eta": rate, "beta": beta, "decay": decay, "k": np.arange(COUNT)}
        run = partial(scheduled, loss, W, values)

        def turned(form: Form, run: Run = run) -> Array:
            return directions(run(form))

        checks.append(Rounded(turned, directions(with_decay), size))
    return checks
