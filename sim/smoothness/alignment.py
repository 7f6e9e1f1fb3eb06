"""The sign assumption: losses are added up example by example, and slopes are complex steps."""

from typing import Any

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Bounded, Evidence, Rounded, at
from sim.smoothness.draws import Array, Values, normalise, sides, units
from sim.table import simulates
from theory import smoothness


@simulates(smoothness.alignment_with_outputs, unit="batch")
def alignment_with_outputs(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The slope of the squared loss, times the outputs and times the way to the minimum.

    Some targets ask for less than the outputs, and some for more.
    """
    checks: list[Evidence] = []
    for unit in units(rng, sizes=(2, 3, 8)):
        for asked in (0.0, 3.0):
            B, shift = len(unit.y), rng.normal()
            hat = normalise(unit.y)
            z = unit.gamma * hat + shift
            Y = asked * unit.gamma * hat + rng.normal(size=B) / 8

            def loss(z: Array, Y: Array = Y) -> Any:
                return sum((a - b) ** 2 for a, b in zip(z, Y, strict=True)) / 2

            slope = complex_gradient(loss, z)
            values: Values = {"y": unit.y, "Y": Y, "gamma": unit.gamma, "shift": shift}
            size = B**2 * (1 + np.abs(z).max() + np.abs(Y).max()) ** 2
            size *= 1 + np.abs(unit.y).max() / np.std(unit.y)
            checks.append(Rounded(at("with the outputs", **values), slope @ hat, size))
            checks.append(Rounded(at("towards the minimum", **values), -slope @ (Y - z), size))
    return checks


@simulates(smoothness.alignment_of_convex_loss, unit="batch")
def alignment_of_convex_loss(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The slope of a convex quadratic loss along the outputs."""
    checks: list[Evidence] = []
    for unit in units(rng, sizes=(2, 3, 8)):
        B, shift = len(unit.y), 1 + rng.uniform()
        root = rng.normal(size=(B, B))
        H = root @ root.T
        hat = normalise(unit.y)
        z = unit.gamma * hat + shift

        def loss(z: Array, H: Array = H, shift: float = shift) -> Any:
            return sum(a * b for a, b in zip(H @ (z - shift), z - shift, strict=True)) / 2

        slope = complex_gradient(loss, z)
        values: Values = {"y": unit.y, "H": H, "gamma": unit.gamma, "shift": shift}
        size = abs(unit.gamma) * np.abs(H).sum() * B * (1 + np.abs(z).max())
        size *= 1 + np.abs(unit.y).max() / np.std(unit.y)
        checks.append(Rounded(at(**values), unit.gamma * slope @ hat, size))
    return checks


@simulates(smoothness.isotropic_curvature_bound, unit="batch")
def isotropic_curvature_bound(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Second derivatives along the slope for gamma up to sigma.

    The bound is reached at sigma where batch norm takes nothing out.
    """
    values, observed, sizes = [], [], []
    for unit in units(rng, sizes=(3, 4, 8) * scale.pick(1, 3, 20)):
        lam, B, hat = rng.uniform(0.5, 2), len(unit.y), normalise(unit.y)
        across = unit.g - unit.g.mean()
        across -= (across @ hat) / B * hat
        across *= np.sqrt(B) / np.linalg.norm(across)
        # far below sigma with any gradient, and at sigma with little or nothing taken out
        cases = (
            (rng.uniform(0, 1), rng.normal(size=B)),
            (-rng.uniform(0, 1), rng.normal(size=B)),
            (1.0, across),
            (1.0, across - hat / 8),
        )
        for share, g in cases:
            unit.gamma, unit.H, unit.cubic = share * np.std(unit.y), lam * np.eye(B), None
            unit.g = g
            slope = complex_gradient(unit.loss, unit.y)
            bent, size = unit.curvature(slope)
            values.append({"y": unit.y, "g": unit.g, "gamma": unit.gamma, "lam": lam})
            observed.append(bent)
            sizes.append(size + unit.slope_size**2 * (lam + unit.slope_size) * B)
    return [Bounded(sides(values), observed, max(sizes), draws=len(values))]
