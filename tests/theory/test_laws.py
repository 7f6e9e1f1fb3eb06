"""A law's moments, its density and what it draws belong together."""

import numpy as np
import pytest
import sympy as sp
from scipy import integrate

from tests.close import discretised, rounded, sampled
from theory.laws import (
    ChiSquared,
    JointNormal,
    Normal,
    gaussian_column,
    independent_entries,
    pairings,
    standard_pair,
)

x, u, w, c = sp.symbols("x u w c", real=True)
N, p = sp.symbols("N p", integer=True, positive=True)
COUNT = 40_000


@pytest.mark.parametrize("law", (Normal(sp.Rational(1, 2), 2), ChiSquared(5)), ids=str)
@pytest.mark.parametrize("power", range(5))
def test_moments_are_integrals_of_the_density(law, power):
    function = sp.lambdify(x, law.density(x) * x**power)
    low, high = (float(end) for end in law.ends)
    value, error = integrate.quad(function, max(low, -60), min(high, 200), limit=200)
    assert discretised(float(value), float(float(law.moment(power))), 1e-06 + error)


@pytest.mark.parametrize("power", range(1, 6))
def test_moments_of_the_rectified(power):
    law = Normal(0, 3)
    value, error = integrate.quad(sp.lambdify(x, law.density(x) * x**power), 0, 60)
    assert discretised(float(value), float(float(law.rectified_moment(power))), 1e-06 + error)


def test_the_pair_has_a_density_of_its_covariance():
    law = standard_pair(u, w, c)[u].density(u, w).subs(c, sp.Rational(3, 5))
    function = sp.lambdify((u, w), law)
    for power, expected in (((0, 0), 1), ((1, 1), 0.6), ((2, 2), 1 + 2 * 0.36), ((1, 2), 0)):
        value, _ = integrate.dblquad(
            lambda a, b, i, j: a**i * b**j * function(a, b), -9, 9, -9, 9, args=power
        )
        assert discretised(float(value), float(expected), 1e-06)
        assert discretised(
            float(standard_pair(u, w, sp.Rational(3, 5))[u].moment(*power)),
            float(expected),
            1e-09,
        )


def test_pairings_are_counted():
    assert [len(pairings(list(range(k)))) for k in range(7)] == [1, 0, 1, 0, 3, 0, 15]


def test_draws_have_the_moments():
    random = np.random.default_rng(1)
    for law in (Normal(c, c**2), ChiSquared(3)):
        drawn = law.draw(random, COUNT, {c: 2})
        for power in (1, 2):
            moment = float(sp.sympify(law.moment(power)).subs(c, 2))
            assert abs(np.mean(drawn**power) - moment) < 6 * np.std(drawn**power) / COUNT**0.5
    pair = standard_pair(u, w, c)[u].draw(random, COUNT, {c: -0.5})
    products = np.einsum("in,jn->nij", pair, pair)
    assert sampled(products, np.array([[1, -0.5], [-0.5, 1]]))
    singular = JointNormal((u, w), sp.ImmutableMatrix([[1, 1], [1, 1]]))
    first, second = singular.draw(random, 5, {})
    assert rounded(first, second)


@pytest.mark.parametrize("gaussian", (True, False))
def test_matrices_have_mean_and_variance(gaussian):
    random = np.random.default_rng(2)
    law = independent_entries(N, p, 3, mean=2, gaussian=gaussian)
    assert law.shape == (N, p)
    drawn = law.draw(random, COUNT, {N: 2, p: 3})
    assert drawn.shape == (COUNT, 2, 3)
    assert sampled(drawn, np.full((2, 3), 2.0))
    rest = drawn.reshape(COUNT, 6) - 2
    assert sampled(rest[:, :, None] * rest[:, None], 3 * np.eye(6))
    third = np.mean((drawn - 2) ** 3) / 3**1.5  # the other law is skewed: no third moment is used
    assert (abs(third) < 0.1) == gaussian


def test_a_column_has_its_covariance():
    S = sp.MatrixSymbol("S", N, N)
    law = gaussian_column(S)
    assert law.shape == (N, 1)
    covariance = np.array([[2.0, 1.0], [1.0, 1.0]])
    drawn = law.draw(np.random.default_rng(3), COUNT, {N: 2, S: covariance})
    assert sampled(drawn[:, :, 0][:, :, None] * drawn[:, :, 0][:, None], covariance)
