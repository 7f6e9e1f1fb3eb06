"""Learning rates on losses that are not quadratic: steps are taken, and differentiated."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient, derivative
from sim.evidence import Evidence, Exact, Form, Rounded, at
from sim.stability.draws import Array, with_spectrum
from sim.table import simulates
from theory import stability

Generator = np.random.Generator
#: Curvatures at a stationary point: upwards, up and down, downwards, and of one weight.
CURVATURES = ((3, 2, 0.5), (2, 1, -0.25), (-1, -2), (1.5,))


@dataclass(frozen=True)
class QuarticLoss:
    """d'Hd/2 with cubes and fourth powers of each weight, least or stationary at d = 0."""

    H: Array
    third: Array
    fourth: Array

    def __call__(self, d: Array) -> Any:
        """The loss at the displacement d."""
        return d @ self.H @ d / 2 + np.sum(self.third * d**3 / 6 + self.fourth * d**4 / 24)

    def step(self, d: Array, eta: float) -> Array:
        """A step of descent from d."""
        return d - eta * (self.H @ d + self.third * d**2 / 2 + self.fourth * d**3 / 6)

    def moves(self, d: Array, eta: float, steps: int, far: float) -> float:
        """How far from the stationary point the steps lead, at most a little more than ``far``."""
        for _ in range(steps):
            d = self.step(d, eta)
            if np.linalg.norm(d) > far:
                break
        return float(np.linalg.norm(d))


@simulates(stability.growth_per_step, unit="loss")
def growth_per_step(rng: Generator, scale: Scale) -> list[Evidence]:
    """The spectral radius of the derivative of a step, at a stationary point.

    The loss has cubes and fourth powers. Descent from close by is observed to come closer or go
    away.
    """
    checks: list[Evidence] = []
    for values in CURVATURES:
        H, _ = with_spectrum(rng, values)
        loss = QuarticLoss(H, rng.normal(size=len(H)), rng.uniform(size=len(H)))
        for eta in (0.2, 0.6, 0.9, 1.5):
            slopes = complex_gradient(partial(loss.step, eta=eta), np.zeros(len(H)))
            radius = float(np.abs(np.linalg.eigvals(slopes)).max())
            size = len(H) * (1 + eta * np.abs(values).max())
            checks.append(Rounded(at(Hess=H, eta=eta), radius, size))

            def grows(form: Form, H: Array = H, eta: float = eta) -> bool:
                return bool(form(Hess=H, eta=eta) > 1)

            start = 1e-6 * rng.normal(size=len(H))
            end = loss.moves(start, eta, 400, 1e-3)
            checks.append(Exact(grows, end > np.linalg.norm(start)))
    return checks


@simulates(stability.two_steps_at_the_largest_rate, unit="loss")
def two_steps_at_the_largest_rate(rng: Generator, scale: Scale) -> list[Evidence]:
    """The third derivative of two steps at the rate 2/lam, as a mean over a circle in the complex
    plane.

    Ten thousand steps are observed to come closer or not.
    """
    checks: list[Evidence] = []
    for lam, third, fourth in (
        (1.5, 0.9, 0.4),
        (2.0, 0.3, 1.7),
        (0.8, -1.1, -0.6),
        (1.0, 0.0, 2.0),
    ):
        loss = QuarticLoss(np.array([[lam]]), np.array([third]), np.array([fourth]))

        def twice(x: Any, loss: QuarticLoss = loss, eta: float = 2 / lam) -> Any:
            return loss.step(loss.step(x * np.ones(1), eta), eta)[0]

        coefficient = -derivative(twice, 0.125, 3) / 6
        size = (1 + (abs(third) + abs(fourth)) / lam) ** 3 / 0.125**2
        predict = at(lam=lam, third=third, fourth=fourth)
        checks.append(Rounded(predict, float(coefficient), size))

        def attracts(form: Form, lam: float = lam, third: float = third, c: float = fourth) -> bool:
            return bool(form(lam=lam, third=third, fourth=c) > 0)

        end = loss.moves(np.array([0.01]), 2 / lam, 10_000, 0.1)
        checks.append(Exact(attracts, end < 0.01))
    return checks
