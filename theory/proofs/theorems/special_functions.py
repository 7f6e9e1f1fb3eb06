"""Theorems of special functions."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.proofs.uses import Statement, theorem


@theorem(cite("dlmf", "10.32.2"))
def poisson_integral(order: Any, z: Any, angle: Any) -> Statement:
    """The integral of exp(-z cos t) sin^(2 nu) t over 0..pi is sqrt(pi) Gamma(nu + 1/2) I_nu(z)/(z
    / 2)^nu, nu > -1/2."""
    if any(sp.sympify(each).has(angle) for each in (order, z)):
        raise ValueError(f"{angle} runs over a half turn, and means something besides")
    half = sp.Rational(1, 2)
    waves = sp.exp(-z * sp.cos(angle)) * sp.sin(angle) ** (2 * order)
    value = sp.sqrt(sp.pi) * sp.gamma(order + half) * sp.besseli(order, z) / (z / 2) ** order
    return Statement(sp.Integral(waves, (angle, 0, sp.pi)), value, positive=(order + half,))


@theorem(cite("dlmf", "10.40.1"))
def bessel_at_large(order: Any, z: Any) -> Statement:
    """Sqrt(z) exp(-z) I_nu(z) tends to 1/sqrt(2 pi) for z to infinity."""
    if sp.sympify(order).has(z):
        raise ValueError(f"the order {order} may not grow with {z}")
    scaled = sp.sqrt(z) * sp.exp(-z) * sp.besseli(order, z)
    return Statement(sp.Limit(scaled, z, sp.oo), 1 / sp.sqrt(2 * sp.pi))
