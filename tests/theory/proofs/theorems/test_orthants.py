"""Plackett's identity against draws, and what it asks for."""

import numpy as np
import pytest
import sympy as sp

from tests.theory.proofs.holding import MORE, holds
from theory import symbols as s
from theory.functions.heads_of_chance import Prob
from theory.laws import JointNormal
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import areas
from theory.proofs.theorems.orthants import plackett

a, b, d, e, t = sp.symbols("a b d e t", real=True)
c = s.c.symbol
HALF = sp.Rational(1, 2)


def positive(*forms):
    return Prob(sp.And(*(form > 0 for form in forms)))


def kernel_with(covariance):
    letters = (a, b, d, e)[: covariance.rows]
    kernel = Kernel((s.c,))
    kernel.laws = dict.fromkeys(letters, JointNormal(letters, sp.ImmutableMatrix(covariance)))
    return kernel, positive(*letters)


def pair(c):
    return sp.Matrix([[1, c], [c, 1]])


def line(rho):
    return 1 / (2 * sp.pi * sp.sqrt(1 - rho**2))


def both(rho):
    return sp.Rational(1, 4) + sp.asin(rho) / (2 * sp.pi)


FOUR = sp.Matrix(sp.kronecker_product(pair(HALF), pair(c)))
SLOPE = 2 * line(t) * both(t) + line(t / 2) * both(-t / 2)


def test_four_gaussians():
    kernel, left = kernel_with(FOUR)
    use = plackett((a, b, d, e), FOUR, c, t)
    growth = sp.Integral(SLOPE, (t, 0, c))
    assert use.holds(kernel, left, both(HALF) ** 2 + growth, "=")
    assert not holds(use, kernel, left, MORE * (both(HALF) ** 2 + growth))
    assert not holds(use, kernel, left, both(HALF) ** 2 + sp.Integral(MORE * SLOPE, (t, 0, c)))
    assert not holds(use, kernel, left, sp.Rational(1, 16) + growth)
    assert not holds(use, kernel, left, both(HALF) ** 2 + sp.Integral(SLOPE, (t, 0, c / 2)))
    lacks = positive(a, b, d)  # of four, one is not asked for
    assert not holds(use, kernel, lacks, both(HALF) ** 2 + growth)


@pytest.mark.parametrize("value", [-0.7, 0.4])
def test_four_gaussians_drawn(value):
    nodes, weights = np.polynomial.legendre.leggauss(60)
    slope = sp.lambdify(t, SLOPE)
    growth = value / 2 * np.sum(weights * slope(value / 2 * (nodes + 1)))
    expected = float(both(HALF)) ** 2 + growth
    random, count = np.random.default_rng(3), 400_000
    drawn = kernel_with(FOUR)[0].laws[a].draw(random, count, {c: value})
    share = np.mean(np.all(drawn > 0, axis=0))
    assert abs(share - expected) < 6 * np.sqrt(expected * (1 - expected) / count)


def test_what_is_no_law_of_four_for_every_correlation():
    wide = sp.Matrix(sp.kronecker_product(pair(1), pair(c)))  # singular
    kernel, left = kernel_with(wide)
    growth = sp.Integral(SLOPE, (t, 0, c))
    use = plackett((a, b, d, e), wide, c, t)
    assert not holds(use, kernel, left, both(1) ** 2 + growth)
    steep, event = kernel_with(pair(2 * c))  # no covariance at c = 1
    growth = sp.Integral(2 * line(2 * t), (t, 0, c))
    use = plackett((a, b), pair(2 * c), c, t)
    assert not holds(use, steep, event, sp.Rational(1, 4) + growth)
    two, event = kernel_with(pair(c))
    use = plackett((a, b), pair(c), c, t)
    growth = sp.Integral(line(t), (t, 0, c))
    assert use.holds(two, event, sp.Rational(1, 4) + growth, "=")
    assert not holds(use, steep, event, sp.Rational(1, 4) + growth)  # of another law
    whole = areas.antiderivative(of=sp.asin(t) / (2 * sp.pi))
    assert whole.holds(two, growth, sp.asin(c) / (2 * sp.pi), "=")


def test_what_is_no_correlation():
    free = sp.Symbol("z", real=True)
    kernel, left = kernel_with(pair(free))
    growth = sp.Integral(line(t), (t, 0, free))
    use = plackett((a, b), pair(free), free, t)
    assert not holds(use, kernel, left, sp.Rational(1, 4) + growth)
