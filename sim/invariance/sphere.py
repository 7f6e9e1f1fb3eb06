"""One step of descent, seen on the unit sphere, with gradients of random losses and measured
angles."""

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Bounded, Evidence, Form, Rounded, at
from sim.invariance.descents import tangent
from sim.invariance.draws import SIZES, Array, random_loss, unit
from sim.table import simulates
from theory import invariance


def turn(before: Array, after: Array) -> float:
    """The angle between two vectors, also where it is small."""
    a, b = unit(before), unit(after)
    return float(2 * np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b)))


@simulates(invariance.step_on_sphere, unit="step")
def step_on_sphere(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """A step of descent on the weights, brought to length 1 afterwards."""
    checks: list[Evidence] = []
    for n in SIZES:
        for rate in (0.03, 0.3, 3.0):
            loss, norm = random_loss(rng, n), rng.choice([0.5, 1.7]) * rng.uniform(0.9, 1.1)
            W = norm * loss.u
            after = W - rate * complex_gradient(loss, W)
            values = at(u=loss.u, slope=loss.slope, eta=rate, norm=norm)
            size = (norm + rate * loss.size / norm) / np.linalg.norm(after)
            checks.append(Rounded(values, unit(after), size))
    return checks


@simulates(invariance.effective_rate, unit="step")
def effective_rate(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The angle of a step, and its tangent over the length of the gradient at unit weights."""
    checks: list[Evidence] = []
    for n in SIZES:
        for reach in (0.1, 1.0, 4.0):
            loss, norm = random_loss(rng, n), rng.choice([0.5, 1.7]) * rng.uniform(0.9, 1.1)
            G = float(np.linalg.norm(complex_gradient(loss, loss.u)))
            rate, W = reach * norm**2 / G, norm * loss.u
            angle = turn(W, W - rate * complex_gradient(loss, W))
            values = {"eta": rate, "norm": norm, "G": G}
            # an error of the angle is magnified by the slope of the tangent
            size = 1 + reach + loss.size / G
            checks.append(Rounded(at("angle", **values), angle, size))
            steep = (1 + reach**2) / G * size
            checks.append(Rounded(at("rate", **values), np.tan(angle) / G, steep))
    return checks


@simulates(invariance.first_order_error, unit="step")
def first_order_error(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The distance of u - e Pg from the sphere, along its own direction, for steps of all sizes."""
    reach = np.concatenate([10 ** rng.uniform(-2, 0.7, scale.pick(20, 60, 600)), [0.01]])
    count = len(reach)
    norm, G = rng.uniform(0.3, 3, count), rng.uniform(0.2, 3, count)
    u = rng.normal(size=(count, 5))
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    rate = reach * norm**2 / G
    near = u - (rate / norm**2 * G)[:, None] * tangent(rng, u)
    exact = near / np.linalg.norm(near, axis=1, keepdims=True)
    error = np.linalg.norm(near - exact, axis=1)

    def sides(form: Form) -> tuple[Array, Array]:
        bounds = form(eta=rate, norm=norm, G=G)
        return bounds["lower"] * np.ones(count), bounds["upper"] * np.ones(count)

    # both bounds are approached as x^2/4, the lower one faster
    return [Bounded(sides, error, magnitude=float(max(reach)), gap=1e-3, draws=count)]


@simulates(invariance.unit_norm, unit="descent")
def unit_norm(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Descents whose weights are brought back to length 1 after every step."""
    checks: list[Evidence] = []
    for n in SIZES:
        loss, rate = random_loss(rng, n), rng.uniform(0.2, 0.6)
        W = loss.u
        for _ in range(4):
            slope = complex_gradient(loss, W)
            G = float(np.linalg.norm(slope))
            reach, size = rate * G, 1 + loss.size * rate + loss.size / G
            after = W - rate * slope
            angle = turn(W, after)
            values = {"eta": rate, "G": G}
            checks.append(Rounded(at("angle", **values), angle, size))
            steep = (1 + reach**2) / G * size
            checks.append(Rounded(at("rate", **values), np.tan(angle) / G, steep))
            checks.append(Rounded(at("length", **values), np.linalg.norm(after), size))
            W = unit(after)
    return checks


@simulates(invariance.auto_tuning, unit="step")
def auto_tuning(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The effective rate after one step, from rates over eight decades and from the best rate."""
    reach = np.concatenate([10 ** rng.uniform(-4, 4, scale.pick(20, 60, 600)), [1.0]])
    count = len(reach)
    norm, G = rng.uniform(0.3, 3, count), rng.uniform(0.2, 3, count)
    u = rng.normal(size=(count, 5))
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    rate = reach * norm**2 / G
    W = norm[:, None] * u - (rate * G / norm)[:, None] * tangent(rng, u)
    after = rate / (W**2).sum(axis=1)

    def upper(form: Form) -> tuple[None, Array]:
        return None, form(eta=rate, norm=norm, G=G)["upper"] * np.ones(count)

    return [Bounded(upper, after, magnitude=float(max(1 / G)), draws=count)]
