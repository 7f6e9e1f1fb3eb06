"""The law of a share of a squared length, beside those of ``theory.laws``."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from theory.laws import Values, number_at


@dataclass(frozen=True)
class Share:
    """The share of a random direction's squared length in ``inside`` of ``inside + outside``
    dimensions: Beta(inside/2, outside/2)."""

    inside: Any
    outside: Any

    #: Where its values lie.
    ends = (sp.Integer(0), sp.Integer(1))

    @property
    def freedom(self) -> Any:
        """What is positive where there are dimensions inside and outside: else no density."""
        return sp.sympify(self.inside) * self.outside

    def density(self, at: Any) -> Any:
        """The density at a value."""
        first, second = sp.sympify(self.inside) / 2, sp.sympify(self.outside) / 2
        scale = sp.gamma(first + second) / (sp.gamma(first) * sp.gamma(second))
        return scale * at ** (first - 1) * (1 - at) ** (second - 1)

    def moment(self, power: int) -> Any:
        """The mean of a whole power, d (d + 2) .../(P (P + 2) ...)."""
        inside, whole = sp.sympify(self.inside), sp.sympify(self.inside) + self.outside
        return sp.Mul(*((inside + 2 * j) / (whole + 2 * j) for j in range(power)))

    def draw(self, random: np.random.Generator, count: int, values: Values) -> np.ndarray:
        """``count`` values."""
        inside, outside = (number_at(each, values) for each in (self.inside, self.outside))
        first, second = random.chisquare(inside, count), random.chisquare(outside, count)
        return first / (first + second)
