"""The law of an entry of a random direction, beside those of ``theory.laws``."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from theory.laws import Values, number_at


@dataclass(frozen=True)
class Coordinate:
    """An entry of a unit vector whose direction is uniform in ``dimensions`` dimensions."""

    dimensions: Any

    #: Where its values lie.
    ends = (sp.Integer(-1), sp.Integer(1))

    @property
    def freedom(self) -> Any:
        """Degrees of freedom: where there is none, there is no density."""
        return sp.sympify(self.dimensions) - 1

    def density(self, at: Any) -> Any:
        """The density at a value."""
        half = sp.sympify(self.dimensions) / 2
        mass = sp.sqrt(sp.pi) * sp.gamma(half - sp.Rational(1, 2)) / sp.gamma(half)
        return (1 - at**2) ** (half - sp.Rational(3, 2)) / mass

    def moment(self, power: int) -> Any:
        """The mean of a whole power: 1 3 5 .../(n (n + 2) (n + 4) ...) where it is even."""
        if power % 2:
            return sp.Integer(0)
        size = sp.sympify(self.dimensions)
        return sp.Mul(*((2 * j + 1) / (size + 2 * j) for j in range(power // 2)))

    def draw(self, random: np.random.Generator, count: int, values: Values) -> np.ndarray:
        """``count`` values."""
        size = round(number_at(self.dimensions, values))
        drawn = random.standard_normal((size, count))
        entries: np.ndarray = drawn[0] / np.linalg.norm(drawn, axis=0)
        return entries
