"""Rules of integrals accept what is true and refuse what is not."""

import pytest
import sympy as sp

from tests.close import discretised
from theory.functions.heads_of_chance import Prob
from theory.laws import Normal
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import calculus, chance, integrals
from theory.proofs.uses import Rule

WRONG = sp.Rational(21, 20)
z, w = sp.symbols("z w", real=True)
x, a, b = sp.symbols("x a b", positive=True)
KERNEL = Kernel(())
KERNEL.laws = {z: Normal(), w: Normal(0, 2)}
HALF = (x, 0, sp.oo)


def holds(use: object, left: sp.Expr, right: sp.Expr) -> bool:
    return use.holds(KERNEL, left, right, "=")  # type: ignore[attr-defined]


WHOLE = sp.Integral(sp.Abs(z) ** a * sp.exp(-(z**2)), (z, -sp.oo, sp.oo))
FOLDED = sp.Integral(x**a * sp.exp(-(x**2)), HALF)
EVEN = (
    (sp.sqrt(WHOLE), sp.sqrt(2 * FOLDED)),
    (sp.Integral(z**2, (z, -b, b)), 2 * sp.Integral(x**2, (x, 0, b))),
)


@pytest.mark.parametrize("left, right", EVEN)
def test_an_even_function(left: sp.Expr, right: sp.Expr) -> None:
    assert holds(integrals.even(), left, right)
    assert not holds(integrals.even(), left, WRONG * right)


def test_what_is_not_even_or_not_folded() -> None:
    odd = sp.Integral(z**3 * sp.exp(-(z**2)), (z, -sp.oo, sp.oo))
    assert not holds(integrals.even(), odd, 2 * sp.Integral(x**3 * sp.exp(-(x**2)), HALF))
    assert not holds(integrals.even(), WHOLE, FOLDED)
    assert not holds(integrals.even(), sp.sqrt(WHOLE**2), 2 * FOLDED)  # its sign is not known here
    lopsided = sp.Integral(z**2, (z, -b, 2 * b))
    assert not holds(integrals.even(), lopsided, 2 * sp.Integral(x**2, (x, 0, 2 * b)))


VALUES = (
    (integrals.gamma_function(), x**a * sp.exp(-b * x**2), sp.oo,
     sp.gamma((a + 1) / 2) / (2 * b ** ((a + 1) / 2))),
    (integrals.gamma_function(), 3 * sp.sqrt(x) * sp.exp(-x / 2), sp.oo,
     3 * sp.sqrt(2 * sp.pi)),
    (integrals.beta_function(), x**a * (1 - x**2) ** b, 1,
     sp.gamma((a + 1) / 2) * sp.gamma(b + 1) / (2 * sp.gamma((a + 3) / 2 + b))),
    (integrals.beta_function(), x * (1 - x) ** 2, 1, sp.Rational(1, 12)),
)  # fmt: skip


@pytest.mark.parametrize("use, function, end, value", VALUES)
def test_eulers_integrals(use: object, function: sp.Expr, end: sp.Expr, value: sp.Expr) -> None:
    whole = sp.Integral(function, (x, 0, end))
    assert holds(use, whole, value)
    assert holds(use, sp.sqrt(2 * whole), sp.sqrt(2 * value))
    assert not holds(use, whole, WRONG * value)
    number = whole.subs({a: 1.5, b: 0.7})
    assert discretised(float(sp.N(number)), float(sp.N(value.subs({a: 1.5, b: 0.7}))), 1e-09)


@pytest.mark.parametrize(
    "use, function, limits",
    (
        (integrals.gamma_function(), x**a * sp.exp(b * x), (x, 0, sp.oo)),  # grows
        (integrals.gamma_function(), x ** (-a - 1) * sp.exp(-b * x), (x, 0, sp.oo)),  # at 0
        (integrals.gamma_function(), x**a * sp.exp(-b * x), (x, 1, sp.oo)),
        (integrals.gamma_function(), sp.sin(x) * sp.exp(-b * x), (x, 0, sp.oo)),
        (integrals.beta_function(), x**a * (1 - x) ** (-b - 1), (x, 0, 1)),  # at 1
        (integrals.beta_function(), x**a * (1 - x) ** b, (x, 0, 2)),
    ),
)
def test_other_integrals_have_no_value_here(use: object, function: sp.Expr, limits: tuple) -> None:
    whole = sp.Integral(function, limits)
    for value in (sp.gamma(a + 1) / b ** (a + 1), sp.gamma(a) * b, sp.Integer(0), sp.oo):
        assert not holds(use, whole, value)


def test_equals_under_an_integral() -> None:
    event = Prob(sp.And(-x <= z, z <= x))
    within = sp.Integral(Normal().density(z), (z, -x, x))
    left, right = sp.Integral(1 - event**2, HALF), sp.Integral(1 - within**2, HALF)
    use = integrals.replaced(part=event, is_=within, by=chance.probability())
    assert holds(use, left, right)
    assert not holds(use, left, sp.Integral(WRONG * (1 - within**2), HALF))
    assert not holds(use, left, WRONG * right)
    other = sp.Integral(Normal(0, 2).density(z), (z, -x, x))
    wrong = integrals.replaced(part=event, is_=other, by=chance.probability())
    assert not holds(wrong, left, sp.Integral(1 - other**2, HALF))


def test_no_rule_from_elsewhere_and_no_sign_that_the_limits_do_not_give() -> None:
    anything = Rule("anything", "Says yes.", lambda *_: True)
    left, right = sp.Integral(x, HALF), sp.Integral(x**2, HALF)
    assert not holds(integrals.replaced(part=x, is_=x**2, by=anything()), left, right)
    root = sp.Derivative(sp.sqrt(a**2), a)
    for low, accepted in ((0, True), (-1, False)):
        ends = (a, low, 1)
        use = integrals.replaced(part=root, is_=sp.Integer(1), by=calculus.derivative())
        assert holds(use, sp.Integral(root, ends), sp.Integral(1, ends)) == accepted
