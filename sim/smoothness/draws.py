"""The draws of the sections: units with batch norm and their losses.

Derivatives of both are exact to rounding. A loss is summed term by term and takes complex numbers,
as ``sim.derivatives`` asks.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.derivatives import complex_gradient, turns
from sim.evidence import Form

Array = np.ndarray
Loss = Callable[[Array], Any]
#: The parameters of a claim.
Values = dict[str, Any]
#: Numbers of examples in a batch. With two examples the gradient before batch norm is zero.
BATCHES = (2, 3, 8)


def normalise(y: Array, eps: float = 0.0) -> Array:
    """Batch norm without scale and shift. It takes complex numbers too."""
    centred = y - sum(y) / len(y)
    return centred / np.sqrt(sum(centred**2) / len(y) + eps)


@dataclass
class Unit:
    """Outputs y over a batch, and a loss with gradient g and Hessian H at BN(y)."""

    y: Array
    g: Array
    H: Array
    gamma: float
    eps: float = 0.0
    cubic: Array | None = None  # third derivatives of the loss, one per example

    def loss(self, y: Array) -> Any:
        """The loss of the unit at outputs ``y``, minus the loss at its own outputs."""
        return sum(self.terms(y))

    def terms(self, y: Array) -> list[Any]:
        """The terms that the loss adds."""
        moved = self.gamma * (normalise(y, self.eps) - normalise(self.y, self.eps))
        third = np.zeros(len(y)) if self.cubic is None else self.cubic
        linear = [a * b for a, b in zip(self.g, moved, strict=True)]
        square = [a * b / 2 for a, b in zip(self.H @ moved, moved, strict=True)]
        return [*linear, *square, *(third * moved**3 / 6)]

    def curvature(self, u: Array) -> tuple[float, float]:
        """The second derivative along u, and the size of its terms."""
        if not u.any():
            return 0.0, 0.0
        away, along = self.y - self.y.mean(), u - u.mean()
        reach = np.linalg.norm(away) / max(np.linalg.norm(along), 1e-3 * np.linalg.norm(u))
        radius = reach / 4
        terms = np.array([self.terms(self.y + radius * turn * u) for turn in turns()])
        mean = (terms.sum(axis=1) / turns() ** 2).mean().real
        # a term has the rounding of the mean of y, which centring magnifies
        lost = 1 + np.abs(self.y).max() / np.std(self.y)
        size = lost * (np.abs(terms).sum(axis=1).max() + np.abs(self.g).sum() * abs(self.gamma))
        return 2 * mean / radius**2, 8 * size / radius**2

    def hessian(self) -> tuple[Array, float]:
        """The matrix of second derivatives, and the size of its terms."""
        axes = np.eye(len(self.y))
        columns = [self.hessian_times(axis) for axis in axes]
        return np.array([c for c, _ in columns]), max(size for _, size in columns)

    def hessian_times(self, v: Array) -> tuple[Array, float]:
        """The Hessian times v, by polarisation."""
        pairs = [(self.curvature(e + v), self.curvature(e - v)) for e in np.eye(len(self.y))]
        product = np.array([(plus[0] - minus[0]) / 4 for plus, minus in pairs])
        return product, max(plus[1] + minus[1] for plus, minus in pairs)

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of a claim about the Hessian."""
        return {"y": self.y, "g": self.g, "H": self.H, "gamma": self.gamma}

    @property
    def slope_size(self) -> float:
        """The size of the terms of a gradient before batch norm."""
        spread = np.sqrt(np.var(self.y) + self.eps)
        return float(abs(self.gamma) / spread * np.abs(self.g).sum() * len(self.y)) * (
            1 + np.abs(self.y).max() / np.std(self.y)
        )


def weight_gradient(unit: Unit, X: Array, W: Array) -> Array:
    """The gradient of the loss in the weights of a unit with inputs X."""

    def loss(weights: Array) -> Any:
        return unit.loss(X.T @ weights)

    return complex_gradient(loss, W)


def outputs(rng: np.random.Generator, B: int) -> Array:
    """Outputs of a unit, apart from one another, around any mean and in any order."""
    grid = np.linspace(-1, 1, B) + rng.uniform(-0.3, 0.3, B) / B
    return rng.uniform(0.5, 2) * rng.permutation(grid) + rng.normal()


def units(
    rng: np.random.Generator, eps: bool = False, sizes: Iterable[int] = BATCHES
) -> list[Unit]:
    """A unit for each size of batch, with a scale of either sign."""
    drawn = []
    for B in sizes:
        g, H, cubic = rng.normal(size=B), rng.normal(size=(B, B)), rng.normal(size=B)
        gamma = rng.choice([-1, 1]) * rng.uniform(0.5, 2)
        added = rng.uniform(0.1, 1) if eps else 0.0
        drawn.append(Unit(outputs(rng, B), g, (H + H.T) / 2, gamma, added, cubic))
    return drawn


def sides(values: list[dict[str, Any]], scale: Array | float = 1.0) -> Callable[[Form], Any]:
    """Both sides of a bound at each of ``values``, over ``scale``."""

    def predict(form: Form) -> tuple[Array | None, Array | None]:
        bounds = [form(**each) for each in values]
        return tuple(
            np.array([bound[side] for bound in bounds]) / scale if side in bounds[0] else None
            for side in ("lower", "upper")
        )  # type: ignore[return-value]

    return predict


def never_above(**values: Any) -> Callable[[Form], tuple[None, Any]]:
    """An upper bound from a supremum at ``values``."""
    return lambda form: (None, form(**values))
