"""Schedules: two descents on one loss, with weight decay and without, compared in direction."""

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Form, Rounded
from sim.invariance.descents import of, path
from sim.invariance.losses import Array, Loss, draw
from sim.table import simulates
from theory import invariance

COUNT = 30


def directions(weights: Array) -> Array:
    """The weights over their lengths."""
    return np.asarray(weights / np.linalg.norm(weights, axis=1, keepdims=True))


def condition(loss: Loss, W: Array, rate: float, beta: float, decay: float) -> float:
    """How much a descent magnifies a small change of its start."""
    small = 1e-7
    one, _ = path(of(loss), W, [rate] * COUNT, beta, decay)
    factors = []
    for axis in np.eye(len(W)):
        two, _ = path(of(loss), W + small * axis, [rate] * COUNT, beta, decay)
        factors.append(np.abs(directions(two) - directions(one)).max() / small)
    return 1 + max(factors)


def problem(rng: np.random.Generator, n: int) -> tuple[Loss, Array]:
    """A loss and weights to start from, away from the loss's own direction."""
    loss = draw(rng, n)
    start = loss.u + 0.5 * rng.normal(size=n) / np.sqrt(n)
    return loss, rng.uniform(0.8, 1.5) * start


@simulates(invariance.exponential_schedule, unit="descent")
def exponential_schedule(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Directions of the descent with decay, and lengths against those without."""
    checks: list[Evidence] = []
    for n in (2, 5):
        loss, W = problem(rng, n)
        rate, decay = rng.uniform(0.02, 0.1), rng.uniform(0.3, 1)
        with_decay, _ = path(of(loss), W, [rate] * COUNT, decay=decay)
        size = COUNT * condition(loss, W, rate, 0.0, decay) * (1 + rate * loss.size / (W @ W))
        values = {"eta": rate, "decay": decay, "k": np.arange(COUNT)}

        def without(form: Form, loss: Loss = loss, W: Array = W, values: dict = values) -> Array:
            return path(of(loss), W, form(**values)["rate"] * np.ones(COUNT))[0]

        def turned(form: Form, without=without) -> Array:
            return directions(without(form))

        def lengths(form: Form, without=without, values: dict = values) -> Array:
            long = np.linalg.norm(without(form), axis=1)[:-1]
            return long / form(**values)["length"]

        longest = np.linalg.norm(with_decay, axis=1)
        checks.append(Rounded(turned, directions(with_decay), size))
        checks.append(Rounded(lengths, longest[:-1], size * longest.max()))
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
        with_decay, _ = path(of(loss), W, [rate] * COUNT, beta, decay)
        size = COUNT * condition(loss, W, rate, beta, decay) * (1 + rate * loss.size / (W @ W))
        values = {"eta": rate, "beta": beta, "decay": decay, "k": np.arange(COUNT)}

        def turned(
            form: Form, loss: Loss = loss, W: Array = W, beta: float = beta, values: dict = values
        ) -> Array:
            schedule = form(**values)
            rates, buffer = schedule["rate"] * np.ones(COUNT), schedule["buffer"] * W
            return directions(path(of(loss), W, rates, beta, buffer=buffer)[0])

        checks.append(Rounded(turned, directions(with_decay), size))
    return checks
