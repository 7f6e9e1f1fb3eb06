"""The modes: descents on data and along one eigenvector are run step by step."""

import numpy as np

from companion.scale import Scale
from sim.evidence import Bounded, Evidence, Exact, Form, Rounded, at
from sim.quadratic.draws import (
    RANKS,
    Array,
    best_weights,
    both_sides,
    curved_axes,
    with_spectrum,
)
from sim.table import simulates
from theory import quadratic


@simulates(quadratic.decay, unit="eigenvector")
def decay(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Components along the eigenvectors while descent runs on data, below and above 1/lambda."""
    checks: list[Evidence] = []
    for N, rank in RANKS:
        X = with_spectrum(rng, N, rng.uniform(0.5, 2, rank))
        p: int = X.shape[1]
        Y = rng.normal(size=p)
        optimum = best_weights(X, Y)
        U, eigenvalues = curved_axes(X, rank)
        for rate in (0.4, 0.9):
            for steps in (1, 7, 40):
                W = optimum + U.sum(axis=1)
                for _ in range(steps):
                    W = W - rate * X @ (X.T @ W - Y) / p
                # the components start at 1, and every step adds terms of the size of the weights
                magnitude = steps * (np.abs(optimum).sum() + np.abs(U).sum() + np.abs(Y).sum())
                values = at(lam=eigenvalues, eta=rate, k=steps)
                checks.append(Rounded(values, U.T @ (W - optimum), magnitude, draws=rank))
    return checks


@simulates(quadratic.regimes, unit="descent")
def regimes(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Signs and sizes of successive steps, on a grid of binary fractions where none is rounded."""
    curvatures = 2.0 ** rng.integers(-1, 3, 60)
    rates = rng.integers(1, 97, 60) / 32
    at_the_borders = (np.array([0.5, 2.0, 0.5, 2.0]), np.array([2.0, 0.5, 4.0, 1.0]))
    lam = np.concatenate([curvatures, at_the_borders[0]])
    eta = np.concatenate([rates, at_the_borders[1]])
    before = rng.choice([-1.0, 1.0], len(lam))
    checks: list[Evidence] = []
    for _ in range(3):
        after = before - eta * (lam * before)
        moves = before != 0  # nothing is left to compare after a step arrived
        values = {"lam": lam[moves], "eta": eta[moves]}
        sign, growth = np.sign(before * after), np.sign(abs(after) - abs(before))
        checks.append(Exact(at("sign", **values), sign[moves], draws=int(moves.sum())))
        checks.append(Exact(at("growth", **values), growth[moves], draws=int(moves.sum())))
        before = after
    return checks


@simulates(quadratic.time_constant, unit="descent")
def time_constant(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The number of steps over the logarithm of the part they leave, below and above eta lam =
    1."""
    checks: list[Evidence] = []
    for low, high in ((0.05, 0.95), (1.05, 1.95)):
        lam = rng.uniform(0.5, 2, 40)
        eta = rng.uniform(low, high, 40) / lam
        times = measured_time(lam, eta, steps=10)
        # ln|1 - x| has the error eps/|1 - x|, its inverse the square of the time as much
        magnitude = max(times**2 * (1 + 1 / abs(1 - eta * lam)))
        checks.append(Rounded(at(lam=lam, eta=eta), times, magnitude, draws=40))
    return checks


@simulates(quadratic.time_constant_bounds, unit="descent")
def time_constant_bounds(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The excess of 1/(eta lam) over the time, from a nearly flat loss to nearly one step.

    Where the loss is nearly flat, the time itself is observed.
    """
    x = np.concatenate([10 ** rng.uniform(-3, -0.1, 60), [2.0**-10, 1 - 2.0**-50]])
    lam = 2.0 ** rng.integers(-2, 3, len(x))
    eta = x / lam
    times = measured_time(lam, eta, steps=1)
    excess = times - 1 / x

    def lower(form: Form) -> tuple[Array, None]:
        return form(lam=lam, eta=eta)["lower"] - 1 / x, None

    def upper(form: Form) -> tuple[None, Array]:
        return None, form(lam=lam, eta=eta)["upper"] - 1 / x

    # the upper bound is approached like x/6, the lower one only like 1/ln(1/(1 - x)) at x = 1, but
    # in proportion like x/2 at x = 0
    magnitude = max(1 / x**2)
    return [
        Bounded(upper, excess, magnitude, gap=2.0**-12, draws=len(x)),
        Bounded(lower, excess, magnitude, gap=0.05, draws=len(x)),
        Bounded(both_sides(lam=lam, eta=eta), times, magnitude, gap=2.0**-10, draws=len(x)),
    ]


def measured_time(lam: Array, eta: Array, steps: int) -> Array:
    """The number of steps in which descent on lam v^2/2 shrinks v by a factor e."""
    v = np.ones(len(lam))
    for _ in range(steps):
        v = v - eta * (lam * v)
    return steps / np.log(1 / abs(v))
