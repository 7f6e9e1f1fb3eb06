"""Theorems on random products and sequences, evaluated: both sides are equal."""

import numpy as np
import pytest
import sympy as sp

from theory.functions.heads_of_series import inverse_coefficient
from theory.proofs.kernel.decide import Kernel
from theory.proofs.theorems import random_products, sequences

z = sp.Symbol("z")


def coefficients(phi, count):
    """Those of the w that solves w = z phi(w), by iteration of the equation."""
    w = sp.Integer(0)
    for _ in range(count):
        w = sp.series(z * phi(w), z, 0, count + 1).removeO()
    return [sp.expand(w).coeff(z, k) for k in range(1, count + 1)]


@pytest.mark.parametrize("power", [2, 3, 5])
def test_the_generalised_binomial_series(power):
    found = coefficients(lambda w: sp.expand((1 + w) ** power), 4)
    for order, value in enumerate(found, 1):
        said = random_products.generalised_binomial_series(sp.Integer(power), sp.Integer(order))
        statement = said.statement()
        assert isinstance(statement.left, inverse_coefficient)
        assert statement.right == value
    none = random_products.generalised_binomial_series(sp.Integer(power), sp.Integer(0))
    said = none.statement()  # the series has no constant term
    assert said.right == 1
    assert not none.holds(Kernel(()), said.left, said.right, "=")


@pytest.fixture(scope="module")
def singular():
    """Squared singular values of products of one and of two matrices of width 500."""
    random, width = np.random.default_rng(11), 500
    first, second = random.standard_normal((2, width, width)) / width**0.5
    return [np.linalg.svd(m, compute_uv=False) ** 2 for m in (first, second @ first)]


@pytest.mark.parametrize("depth", [1, 2])
def test_moments_and_the_largest_of_products(singular, depth):
    values = singular[depth - 1]
    for order, expected in enumerate(coefficients(lambda w: (1 + w) ** (depth + 1), 3), 1):
        assert abs(np.mean(values**order) / float(expected) - 1) < 0.05
    radius = depth**depth / (depth + 1) ** (depth + 1)  # of the series: the ratio of coefficients
    high = [sp.binomial((depth + 1) * k, k) / (depth * k + 1) for k in (400, 401)]
    assert abs(float(high[0] / high[1]) / radius - 1) < 0.01
    assert abs(np.sqrt(values.max() * radius) - 1) < 0.03


def test_the_decay_of_a_sequence():
    index = sp.Symbol("l", positive=True)
    for member in (3 / index**2, 1 / (2 * index + 5) ** 2, 1 / (index**2 + index)):
        said = sequences.decay_of_a_sequence(member, index).statement()
        assert sp.simplify(said.left.doit() - said.right.doit()) == 0
    for slower in (1 / index, 2 + 1 / index):  # b = 0: the inverse roots do not grow evenly
        said = sequences.decay_of_a_sequence(slower, index).statement()
        assert said.left.doit() == sp.oo
        assert said.right.doit() in (sp.oo, sp.zoo)
