"""Weights grow at a constant gradient. Descents are run step by step."""

from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Bounded, Evidence, Fitted, Form, at
from sim.invariance.descents import constant, path
from sim.invariance.draws import Array
from sim.table import simulates
from theory import invariance

STEPS = np.array([1, 2, 3, 10, 40, 200, 1000])


def grown(rng: np.random.Generator, pace: Array, count: int) -> tuple[dict[str, Array], Array]:
    """Descents with gradients of constant G at unit weights and eta G = ``pace`` |W_0|^2.

    Returns values of the claims' letters, and squared lengths after 0, 1, ... ``count`` steps, one
    row per step.
    """
    runs = len(pace)
    # G and norm are below 1 and above it, in all pairs, so that no power of them can hide
    small, short = np.arange(runs) % 2 == 0, np.arange(runs) // 2 % 2 == 0
    G = rng.uniform(0.9, 1.1, runs) * np.where(small, 0.4, 2.2)
    norm = rng.uniform(0.9, 1.1, runs) * np.where(short, 0.6, 1.6)
    rate = pace * norm**2 / G
    W = rng.normal(size=(runs, 3))
    W *= norm[:, None] / np.linalg.norm(W, axis=1, keepdims=True)
    weights, _ = path(
        constant(rng, G[:, None]), W, np.broadcast_to(rate[:, None], (count, runs, 1))
    )
    return {"norm": norm, "eta": rate, "G": G}, (weights**2).sum(axis=-1)


def rates_of_growth(scale: Scale) -> Array:
    """Values of eta G/|W_0|^2 from small steps to large."""
    return np.geomspace(0.01, 2, scale.pick(4, 8, 40))


@simulates(invariance.norm_growth, unit="descent")
def norm_growth(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Squared lengths in a thousand steps with random gradients orthogonal to the weights."""
    values, squares = grown(rng, rates_of_growth(scale), int(STEPS[-1]))
    observed = squares[STEPS] / values["norm"] ** 2

    def sides(form: Form) -> tuple[Array, Array]:
        bounds = form(**values, k=STEPS[:, None])
        over = values["norm"] ** 2
        return bounds["lower"] / over, bounds["upper"] / over

    size = float(STEPS[-1] * observed.max())
    return [Bounded(sides, observed, size, gap=1e-6, draws=observed.shape[1])]


@simulates(invariance.hidden_schedule, unit="descent")
def hidden_schedule(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Eta over the squared length in such descents, in units of the first effective rate."""
    values, squares = grown(rng, rates_of_growth(scale), int(STEPS[-1]))
    observed = squares[0] / squares[STEPS]

    def sides(form: Form) -> tuple[Array, Array]:
        bounds = form(**values, k=STEPS[:, None])
        first = values["eta"] / values["norm"] ** 2
        return bounds["lower"] / first, bounds["upper"] / first

    return [Bounded(sides, observed, float(STEPS[-1]), gap=1e-6, draws=observed.shape[1])]


@simulates(invariance.norm_growth_correction, unit="descent")
def norm_growth_correction(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The excess over the square root, for more and smaller steps over one time."""
    checks: list[Evidence] = []
    for time in (0.5, 4.0):  # k/k_0
        sizes = 2 ** np.arange(3, 11)
        norm, G = rng.uniform(0.7, 1.5), rng.uniform(0.5, 2)
        rates = norm**2 / G * np.sqrt(time / (2 * sizes))
        excess = []
        for rate, count in zip(rates, sizes, strict=True):
            W = np.array([norm, 0.0, 0.0])
            W = path(constant(rng, G), W, [rate] * int(count))[0][-1]
            excess.append((W @ W) ** 2 - norm**4 * (1 + time))
        values = at(norm=norm, eta=rates, G=G, k=sizes)
        checks.append(Fitted(values, np.array(excess), sizes, 2.0))
    return checks


@simulates(invariance.gradient_flow, unit="descent")
def gradient_flow(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Growth over the rate, for more and smaller steps over one time."""
    checks: list[Evidence] = []
    for about in (0.6, 1.6):
        norm, G, time = about * rng.uniform(0.9, 1.1), 1 / about, about**4 * rng.uniform(0.5, 1)
        sizes = 2 ** np.arange(3, 11)
        grew = []
        for count in sizes:
            rate = time / count
            W = np.array([norm, 0.0, 0.0])
            W = path(constant(rng, G), W, [rate] * int(count))[0][-1]
            grew.append((W @ W - norm**2) / rate)
        checks.append(Fitted(at(norm=norm, G=G, t=time), np.array(grew), sizes, 1.0))
    return checks


@simulates(invariance.forgetting, unit="descent")
def forgetting(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The effective rate times sqrt(k), in long descents at several learning rates."""
    pace = np.array([0.4, 1.0, 2.5])
    sizes = 2 ** np.arange(4, scale.pick(9, 13, 15))
    values, squares = grown(rng, pace, int(sizes[-1]))
    checks: list[Evidence] = []
    for run in range(len(pace)):
        here: dict[str, Any] = {name: float(value[run]) for name, value in values.items()}
        observed = np.sqrt(sizes) * here["eta"] / squares[sizes, run]
        checks.append(Fitted(at(**here), observed, sizes, 1.0))
    return checks
