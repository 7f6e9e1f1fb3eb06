"""The law of a coordinate: moments, density and draws belong together."""

import numpy as np
import pytest
import sympy as sp
from scipy import integrate

from tests.close import discretised
from theory.laws import Coordinate

n, x = sp.symbols("n x", positive=True)


@pytest.mark.parametrize("size", (2, 3, 4, 7))
def test_moments_are_integrals_and_means_of_draws(size: int) -> None:
    law = Coordinate(size)
    density = sp.lambdify(x, law.density(x))
    drawn = Coordinate(n).draw(np.random.default_rng(size), 20_000, {n: size})
    for power in range(5):
        moment = float(law.moment(power))
        whole, _ = integrate.quad(
            lambda angle, k=power: np.sin(angle) ** k * density(np.sin(angle)) * np.cos(angle),
            -np.pi / 2,
            np.pi / 2,
        )
        assert discretised(float(whole), float(moment), 1e-09)
        assert abs(np.mean(drawn**power) - moment) < 0.03
