"""Theorems of Gaussian columns against draws, and what they ask for."""

import numpy as np
import pytest
import sympy as sp
from scipy import integrate, stats

from theory.functions.columns import inner, standardised, variance
from theory.functions.constants import ones
from theory.functions.heads_of_chance import E
from theory.laws import ChiSquared, Coordinate, gaussian_column
from theory.proofs.kernel.decide import Kernel
from theory.proofs.theorems import probability

B = sp.Symbol("B", integer=True, positive=True)
y, axis = sp.MatrixSymbol("y", B, 1), sp.MatrixSymbol("a", B, 1)
middle, chi, x = sp.symbols("m chi x", real=True)
spread = sp.Symbol("v", positive=True)
MORE = sp.Symbol("more", integer=True, nonnegative=True)
COUNT = 20_000


def kernel(covariance: sp.Expr, size: int = 3) -> Kernel:
    made = Kernel(())
    made.images[B] = size + MORE
    mean = middle * ones(B, 1)
    made.laws = {y: gaussian_column(covariance, mean), chi: ChiSquared(B - 1), x: Coordinate(B - 1)}
    made.kinds[axis] = "unit"
    made.rule((axis.T, axis), {(): sp.Integer(1)})
    made.rule((made.ones(B).T, axis), {})
    return made


def drawn(size: int) -> tuple[np.ndarray, np.ndarray]:
    """B var(y)/v and a'y over the root of B var(y), of many columns."""
    random = np.random.default_rng(size)
    column = 2 + 3 * random.standard_normal((COUNT, size))
    way = np.arange(size) - (size - 1) / 2
    scaled = size * column.var(axis=1)
    return scaled / 9, column @ (way / np.linalg.norm(way)) / np.sqrt(scaled)


@pytest.mark.parametrize("size", (3, 4, 9))
def test_draws_have_these_laws(size: int) -> None:
    spreads, coordinates = drawn(size)
    assert stats.kstest(spreads, stats.chi2(size - 1).cdf).pvalue > 1e-4
    density = sp.lambdify(x, Coordinate(size - 1).density(x))
    for place in (-0.7, -0.2, 0.4):
        below, _ = integrate.quad(density, -1, place)
        assert abs(np.mean(coordinates <= place) - below) < 5 / COUNT**0.5
    for power in (2, 4):
        known = float(Coordinate(size - 1).moment(power))
        assert abs(np.mean(coordinates**power) - known) < 5 / COUNT**0.5


def test_a_variance_and_what_it_asks_for() -> None:
    of = E(sp.sqrt(chi))
    use = probability.law_of_a_variance(of, chi, y, middle, spread)
    left = E(sp.sqrt(B * variance(y) / spread))
    independent, dependent = spread * sp.Identity(B), spread * ones(B, 1) * ones(1, B)
    assert use.holds(kernel(independent), left, of, "=")
    assert not use.holds(kernel(independent), left, sp.Rational(21, 20) * of, "=")
    assert not use.holds(kernel(2 * independent), left, of, "=")
    assert not use.holds(kernel(dependent + independent), left, of, "=")
    assert not use.holds(kernel(independent), left, E(sp.sqrt(x)), "=")


def test_a_direction_and_what_it_asks_for() -> None:
    of = E(x**4)
    use = probability.law_of_a_direction(of, x, axis, y, middle, spread)
    left = E((inner(axis, y) / sp.sqrt(B * variance(y))) ** 4)
    independent = spread * sp.Identity(B)
    assert use.holds(kernel(independent), left, of, "=")
    assert not use.holds(kernel(independent), left, sp.Rational(21, 20) * of, "=")
    assert not use.holds(kernel(independent, 2), left, of, "=")  # of two there is no circle
    tilted = kernel(independent)
    del tilted.rules[tilted.ones(B).T, axis]
    assert not use.holds(tilted, left, of, "=")


def test_an_axis_made_of_the_random_column_is_refused() -> None:
    own = standardised(y, 0) / sp.sqrt(B)
    use = probability.law_of_a_direction(E(x**4), x, own, y, middle, spread)
    with pytest.raises(TypeError):
        use.holds(kernel(spread * sp.Identity(B)), sp.Integer(1), E(x**4), "=")


def test_a_letter_stands_under_heads_alone() -> None:
    for of in (chi * E(chi), E(chi * inner(y, y))):
        use = probability.law_of_a_variance(of, chi, y, middle, spread)
        with pytest.raises(TypeError):
            use.holds(kernel(spread * sp.Identity(B)), of, of, "=")
