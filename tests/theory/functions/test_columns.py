"""Functions of columns mean the same exactly and in NumPy."""

import numpy as np
import sympy as sp

from tests.close import rounded
from theory import symbols as s
from theory.formula import Formula
from theory.functions.columns import inner, mean, power_mean, signed_power, variance

y, g, k = s.y.symbol, s.g.symbol, s.k.symbol
VALUES = {"y": [1, -2, 3], "g": [2, 0, -1], "k": 3}


def formula(expression):
    return Formula(expression, (s.y, s.g, s.k))


def test_inner_is_a_number_that_commutes():
    product = inner(y, g)
    assert product.is_commutative and product.is_real
    assert rounded(formula(product * y / (1 + product**2))(**VALUES), [-0.5, 1, -1.5])
    assert formula(product).exact(digits=None, **VALUES) == -1
    assert formula(product).latex() == r"\left\langle y, g \right\rangle"


def test_inner_of_ones_is_a_sum():
    ones = sp.OneMatrix(s.B.symbol, 1)
    assert formula(inner(ones, y))(**VALUES) == 2
    assert formula(inner(ones, y)).exact(digits=None, **VALUES) == 2


def test_power_mean():
    mean = formula(power_mean(y, k))
    assert rounded(mean(**VALUES), 12 ** (1 / 3))
    assert mean.exact(digits=None, **VALUES) ** 3 == 12
    assert "M_{k}" in mean.latex()


def test_signed_power_keeps_signs():
    power = formula(signed_power(y, k))
    assert np.array_equal(power(**VALUES), [1, -8, 27])
    assert power.exact(digits=None, **VALUES) == [1, -8, 27]
    assert signed_power(y, k).shape == (s.B.symbol, 1)
    assert "sign" in power.latex()


def test_mean_and_variance_over_the_number_of_entries():
    assert rounded(formula(mean(y))(**VALUES), 2 / 3)
    assert formula(mean(y)).exact(digits=None, **VALUES) == sp.Rational(2, 3)
    assert rounded(formula(variance(y))(**VALUES), 38 / 9)
    assert formula(variance(y)).exact(digits=None, **VALUES) == sp.Rational(38, 9)
    assert "var" in formula(variance(y) ** 2).latex() and "mean" in formula(mean(y) ** 2).latex()
