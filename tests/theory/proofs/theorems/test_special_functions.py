"""Theorems of special functions against quadrature and SciPy."""

import numpy as np
import pytest
import sympy as sp
from scipy import integrate, special

from tests.close import discretised
from theory.proofs.kernel.decide import Kernel
from theory.proofs.theorems import special_functions

z = sp.Symbol("z", positive=True)
t = sp.Symbol("t", real=True)


@pytest.mark.parametrize("order", (0, 1, 2, sp.Rational(1, 3)))
@pytest.mark.parametrize("place", (0.3, 2.0, 7.5))
def test_poissons_integral(order: sp.Expr, place: float) -> None:
    said = special_functions.poisson_integral(sp.sympify(order), z, t).statement()
    function = sp.lambdify(t, said.left.function.subs(z, place), "numpy")
    area, _ = integrate.quad(function, 0, np.pi)
    assert discretised(float(area / float(said.right.subs(z, place))), float(1), 1e-09)


@pytest.mark.parametrize("order", (0, 1, 2.5))
def test_bessel_functions_at_large_places(order: float) -> None:
    said = special_functions.bessel_at_large(sp.sympify(order), z).statement()
    found = [np.sqrt(place) * special.ive(order, place) for place in (1e3, 1e5)]
    limit = float(said.right)
    assert abs(found[1] - limit) < abs(found[0] - limit) < 0.005 * limit
    assert discretised(float(found[1] / limit), float(1), 0.0001)


def test_what_they_ask_for() -> None:
    kernel = Kernel(())
    for use in (
        special_functions.poisson_integral(sp.Integer(1), z, t),
        special_functions.bessel_at_large(sp.Integer(1), z),
    ):
        said = use.statement()
        assert use.holds(kernel, said.left, said.right, "=")
        assert not use.holds(kernel, said.left, sp.Rational(21, 20) * said.right, "=")
    divergent = special_functions.poisson_integral(sp.Integer(-1), z, t)
    said = divergent.statement()
    assert not divergent.holds(kernel, said.left, said.right, "=")
