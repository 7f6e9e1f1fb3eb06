"""Whether a number is zero or has a sign: forms that are equal, and many that are nearly."""

import pytest
import sympy as sp

from theory.proofs.kernel.equality import has_sign, vanishes

a, b = sp.symbols("a b", positive=True)
c, d = sp.symbols("c d", nonnegative=True)
x, y = sp.symbols("x y", real=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
z = sp.Symbol("z")  # any complex number
i, n = sp.symbols("i n", integer=True, positive=True)
f = sp.IndexedBase("f", real=True)

ZERO = (
    (x**2 - y**2) / (x - y) - x - y,
    sp.sqrt(a**2) - a,
    sp.sqrt(x**2) - sp.Abs(x),
    sp.sqrt(a * b) - sp.sqrt(a) * sp.sqrt(b),
    sp.sqrt(c**2 + 2 * c * d + d**2) - c - d,
    sp.log(a * b) - sp.log(a) - sp.log(b),
    sp.exp(x) * sp.exp(y) - sp.exp(x + y),
    sp.gamma(a + 1) - a * sp.gamma(a),
    sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1,
    a ** (2 * k) - (a**2) ** k,
    (1 + a) / (1 + 1 / a) - a,
    sp.Max(a, -b) - a,
    sp.sqrt(2 + sp.sqrt(3)) - (sp.sqrt(6) + sp.sqrt(2)) / 2,
    2 * sp.Sum(f[i], (i, 1, n)) - sp.Sum(f[i], (i, 1, n)) * (1 + 1),
)
NOT_ZERO = (
    x - y,
    sp.sqrt(x**2) - x,
    sp.sqrt(z**2) - z,
    sp.Abs(x) - x,
    sp.sqrt((x - 1) ** 2) - x + 1,
    sp.sqrt((a - b) ** 2) - a + b,
    sp.sqrt(c**2 + d**2) - c - d,
    sp.sqrt(a + b) - sp.sqrt(a) - sp.sqrt(b),
    (x**2) ** sp.Rational(1, 4) - sp.sqrt(x),
    (x**3) ** sp.Rational(1, 3) - x,
    sp.log(x**2) - 2 * sp.log(x),
    sp.log(a + b) - sp.log(a) - sp.log(b),
    sp.exp(x + y) - sp.exp(x) - sp.exp(y),
    sp.exp(x) ** 2 - sp.exp(x**2),
    sp.gamma(a + 1) - (a + 1) * sp.gamma(a),
    a ** (2 * k) - a**k,
    a ** (2 * k + 1) - a ** (2 * k),
    x ** (2 * k) - (-x) ** k * x**k,
    1 / (a + b) - 1 / a - 1 / b,
    (a + b) / (a - b) - (a - b) / (a + b),
    sp.Max(x, 0) - x,
    sp.Max(x, y) - sp.Max(x, -y),
    sp.Min(x, y) - sp.Max(x, y),
    sp.sign(x) - 1,
    sp.floor(x) - x,
    sp.acos(sp.cos(x)) - x,
    sp.sin(2 * x) - 2 * sp.sin(x),
    sp.pi - sp.Rational(355, 113),
    sp.sqrt(2) - sp.Rational(99, 70),
    sp.exp(sp.pi * sp.sqrt(163)) - 640320**3 - 744,
    sp.Sum(f[i], (i, 1, n)) - sp.Sum(f[i] ** 2, (i, 1, n)),
    sp.Sum(f[i], (i, 1, n)) ** 2 - sp.Sum(f[i] ** 2, (i, 1, n)),
    sp.Sum(f[i], (i, 1, n)) - sp.Sum(f[i], (i, 1, n + 1)),
    sp.Derivative(sp.Function("h")(x), x),
    sp.Piecewise((1, x > 0), (0, True)) - 1,
)


@pytest.mark.parametrize("expression", ZERO, ids=str)
def test_zero_in_disguise_vanishes(expression):
    assert vanishes(expression)
    assert not vanishes(expression + sp.Rational(1, 1000))


@pytest.mark.parametrize("expression", NOT_ZERO, ids=str)
def test_what_is_not_zero_everywhere_does_not(expression):
    assert not vanishes(expression)
    assert not vanishes(-expression)


@pytest.mark.parametrize(
    "expression",
    [a, a * b, a + c, 1 / (1 + c), sp.exp(x), x**2 + 1, a / (b + c)],
)
def test_positive_numbers_are_seen(expression):
    assert has_sign(expression, "is_positive")
    assert not has_sign(-expression, "is_positive")
    assert not has_sign(-expression, "is_nonnegative")


@pytest.mark.parametrize("expression", [c, c * d, (x - y) ** 2, x**2, sp.Abs(x), c + x**2])
def test_numbers_that_may_be_zero_are_not_negative(expression):
    assert has_sign(expression, "is_nonnegative")
    assert not has_sign(expression, "is_positive")


@pytest.mark.parametrize(
    "expression",
    [x, a - b, c - d, x * y, a * x, x**3, 1 - a, a * b - 1, sp.log(a), sp.cos(x), 2 - sp.exp(c),
     z, z**2, sp.sqrt(a) - a, (a - b) * (a + b), sp.Integer(-1), x**2 - 1, sp.Max(x, -1)],
)  # fmt: skip
def test_signs_that_change_are_not_seen(expression):
    assert not has_sign(expression, "is_positive")
    assert not has_sign(expression, "is_nonnegative")
