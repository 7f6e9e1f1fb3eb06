"""The worst inputs for the curvature are searched on a circle. Random inputs do not exceed them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Bounded, Evidence, Rounded, at
from sim.smoothness.draws import Array, Values, never_above, normalise, sides, units
from sim.table import simulates
from theory import smoothness


def of_rank_one(g: Array, u: Array, radius: float, angle: float) -> Array:
    """Inputs of norm ``radius`` and rank one.

    X'Xg lies at ``angle`` on a circle in the plane of g and u. The circle's diameter goes from 0 to
    radius^2 g.
    """
    e = g / np.linalg.norm(g)
    f = u - (u @ e) * e
    f = f / np.linalg.norm(f)
    # X'X = radius^2 aa' with a at half the angle
    return radius * (np.cos(angle / 2) * e + np.sin(angle / 2) * f)[None, :]


def largest(value: Callable[[Array], float], g: Array, u: Array, radius: float) -> float:
    """The largest ``value`` of inputs of rank one, over all angles."""

    def below(angle: float) -> float:
        return -value(of_rank_one(g, u, radius, angle))

    grid = np.linspace(-np.pi, np.pi, 49)
    start = min(grid, key=below)
    width = grid[1] - grid[0]
    best = minimize_scalar(below, bounds=(start - width, start + width), method="bounded",
                           options={"xatol": 1e-12})  # fmt: skip
    return float(-best.fun)


def random_inputs(rng: np.random.Generator, B: int, radius: float, draws: int) -> list[Array]:
    """Inputs of norm ``radius`` of one to B rows."""
    drawn = [rng.normal(size=(1 + k % B, B)) for k in range(draws)]
    return [radius * X / np.linalg.norm(X, 2) for X in drawn]


@simulates(smoothness.ball_of_gradients, unit="inputs")
def ball_of_gradients(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """X'Xg for random inputs of any rank. Inputs of rank one give points of the sphere."""
    checks: list[Evidence] = []
    for B in (2, 5):
        g = rng.normal(size=B)
        inputs = random_inputs(rng, B, rng.uniform(1.5, 3), scale.pick(6, 40, 400))
        lengths = [np.sum((X.T @ (X @ g)) ** 2) for X in inputs]
        values = [{"X": X, "g": g} for X in inputs]
        magnitude = B**2 * max(np.abs(X).sum() for X in inputs) ** 4 * (g @ g)
        checks.append(Bounded(sides(values), lengths, magnitude, draws=len(inputs)))
    return checks


@simulates(smoothness.largest_convex_curvature, unit="inputs")
def largest_convex_curvature(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """(u'X'Xg)^2 for the best inputs of rank one and for random inputs."""
    checks: list[Evidence] = []
    for B in (2, 5):
        for radius in (0.5, 1.5):
            u, g = rng.normal(size=(2, B))
            u /= np.linalg.norm(u)

            def value(X: Array, u: Array = u, g: Array = g) -> float:
                return float((u @ (X.T @ (X @ g))) ** 2)

            best = largest(value, g, u, radius)
            others = [value(X) for X in random_inputs(rng, B, radius, scale.pick(5, 40, 400))]
            values: Values = {"u": u, "g": g, "radius": radius}
            size = B * radius**4 * (g @ g)
            checks.append(Rounded(at(**values), best, size))
            bound = never_above(**values)
            checks.append(Bounded(bound, [best, *others], size, draws=1 + len(others)))
    return checks


@simulates(smoothness.largest_linear_curvature, unit="inputs")
def largest_linear_curvature(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The curvature along the gradient in the weights, of a linear loss across the outputs."""
    checks: list[Evidence] = []
    for unit in units(rng, sizes=(3, 6)):
        B, radius, hat = len(unit.y), rng.uniform(0.5, 1.5), normalise(unit.y)
        values: Values = {"y": unit.y, "g": unit.g, "gamma": unit.gamma, "radius": radius}
        unit.g = unit.g - unit.g.mean()
        unit.g = unit.g - (unit.g @ hat) / B * hat
        unit.H, unit.cubic = np.zeros((B, B)), None
        slope = complex_gradient(unit.loss, unit.y)
        bends, size = unit.hessian()

        def value(X: Array, slope: Array = slope, bends: Array = bends) -> float:
            along = X.T @ (X @ slope)
            return float(along @ bends @ along)

        best = largest(value, slope, hat, radius)
        others = [value(X) for X in random_inputs(rng, B, radius, scale.pick(5, 40, 400))]
        error = radius**4 * (size * B * (slope @ slope) + np.abs(bends).sum() * unit.slope_size**2)
        checks.append(Rounded(at(**values), best, error))
        bound = never_above(**values)
        checks.append(Bounded(bound, [best, *others], error, draws=1 + len(others)))
    return checks


@simulates(smoothness.slope_at_isotropic_inputs, unit="batch")
def slope_at_isotropic_inputs(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The change of v'Kv with the angle on the circle, by a complex step at angle 0."""
    checks: list[Evidence] = []
    for unit in units(rng, sizes=(3, 5)):
        B, radius = len(unit.y), rng.uniform(0.5, 1.5)
        slope = complex_gradient(unit.loss, unit.y)
        bends, size = unit.hessian()
        length = np.linalg.norm(slope)
        away = -length * normalise(unit.y) / np.sqrt(B)

        def curvature(angle: Array, radius=radius, slope=slope, away=away, bends=bends) -> Any:  # type: ignore
            (t,) = angle
            v = radius**2 / 2 * ((1 + np.cos(t)) * slope + np.sin(t) * away)
            return v @ bends @ v

        (change,) = complex_gradient(curvature, np.zeros(1))
        values: Values = {**unit.values, "radius": radius}
        error = B * (size * length**2 + np.abs(bends).sum() * unit.slope_size * length)
        checks.append(Rounded(at(**values), change, radius**4 * error))
    return checks
