"""The smallest deep net has two weights in a row. Descents and flows are run step by step."""

from itertools import product

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Bounded, Evidence, Form, Rounded, at
from sim.stability.draws import sides
from sim.table import simulates
from theory import stability

Generator = np.random.Generator


def loss(weights: np.ndarray) -> np.ndarray:
    """(ab - 1)^2/2."""
    return (weights[0] * weights[1] - 1) ** 2 / 2


def descend(a: float, b: float, eta: float, steps: int) -> tuple[float, float]:
    """The end of a descent, in Python's numbers, which are faster one by one."""
    for _ in range(steps):
        error = eta * (a * b - 1)
        a, b = a - error * b, b - error * a
    return a, b


def flow(a: float, b: float) -> tuple[float, float]:
    """The end of gradient flow, by fine Runge-Kutta steps up to the time 40."""
    from scipy.integrate import solve_ivp

    def slope(_: float, w: np.ndarray) -> np.ndarray:
        return -(w[0] * w[1] - 1) * w[::-1]

    end = solve_ivp(slope, (0, 40), (a, b), method="DOP853", rtol=1e-13, atol=1e-13).y[:, -1]
    return float(end[0]), float(end[1])


@simulates(stability.imbalance, unit="weights")
def imbalance(rng: Generator, scale: Scale) -> list[Evidence]:
    """Steps along slopes, which are complex steps of the loss."""
    checks: list[Evidence] = []
    for eta in (0.05, 0.3, 1.2):
        for _ in range(4):
            a, b = rng.normal(size=2) * 1.5
            after = np.array([a, b]) - eta * complex_gradient(loss, np.array([a, b]))
            size = (1 + abs(a)) ** 4 * (1 + abs(b)) ** 4 * (1 + eta) ** 2
            checks.append(Rounded(at(a=a, b=b, eta=eta), after[0] ** 2 - after[1] ** 2, size))
    return checks


@simulates(stability.sharpness_of_flow, unit="start")
def sharpness_of_flow(rng: Generator, scale: Scale) -> list[Evidence]:
    """The largest curvature where gradient flow, integrated to its end, comes to rest.

    Starts have all signs, and either weight is the larger one.
    """
    checks: list[Evidence] = []
    for signs in product((1, -1), repeat=2):
        for order in scale.pick((1,), (1, -1), (1, -1) * 4):
            a, b = (signs * np.array([rng.uniform(1.5, 2.5), rng.uniform(0.2, 1.2)]))[::order]
            u, v = flow(a, b)
            H = np.array([[v * v, 2 * u * v - 1], [2 * u * v - 1, u * u]])
            # the integrator's tolerance, 1e-13 per step, is some hundred roundings
            checks.append(
                Rounded(at(a=a, b=b), float(np.linalg.eigvalsh(H)[-1]), 1e3 * (a * a + b * b))
            )
    return checks


@simulates(stability.sharpness_found, unit="descent")
def sharpness_found(rng: Generator, scale: Scale) -> list[Evidence]:
    """The ends of descents at small rates, and from minima that are a little too curved for the
    rate.

    At small rates the ends are the ends of flow, and balanced starts are among them. The minima of
    the second kind are a few per cent too curved, and descent starts close to them.
    """
    starts = [(a, b, 0.02) for a, b in rng.uniform(0.5, 2.0, size=(scale.pick(4, 12, 100), 2))]
    starts += [(a, a, 0.2) for a in (0.5, 1.5)]
    small = [start for start in starts if start[2] * abs(start[0] * start[1] - 1) < 1]
    edge = []
    for eta in (0.05, 0.1, 0.2):
        for excess in rng.uniform(1.03, 1.04, size=scale.pick(1, 2, 10)):
            a = np.sqrt(excess * 2 / eta)
            edge.append((a, 1 / a + 0.002 * rng.uniform(0.5, 1), eta))
    checks: list[Evidence] = []
    for descents, both in ((small, True), (edge, False)):
        ends = [descend(*each, 20_000) for each in descents]
        values = [dict(zip(("a", "b", "eta"), each, strict=True)) for each in descents]
        sharpness = [a * a + b * b for a, b in ends]
        bounds = sides(values)

        def predict(form: Form, bounds=bounds, both: bool = both):  # type: ignore[no-untyped-def]
            lower, upper = bounds(form)
            return (lower if both else None), upper

        size = 8 * max(sharpness)
        checks.append(Bounded(predict, sharpness, size, gap=0.045, draws=len(sharpness)))
    return checks
