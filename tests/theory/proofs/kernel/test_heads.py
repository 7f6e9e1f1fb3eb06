"""Heads of equal arguments are equal, and no others."""

import pytest
import sympy as sp

from theory.functions.heads_of_chance import E, Prob
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.heads import alike

x, y = sp.symbols("x y", real=True)
a, b = sp.symbols("a b", positive=True)
k = sp.Symbol("k", integer=True, positive=True)
q = sp.Symbol("q", positive=True)


@pytest.mark.parametrize(
    "one, other",
    (
        (E((x**2 - y**2) / (x - y)), E(x + y)),
        (2 * E(sp.sqrt(a * b) * x) - E(y), 2 * E(sp.sqrt(a) * sp.sqrt(b) * x) - E(y)),
        (E((x * sp.sqrt(a)) ** (2 * k)), E(a**k * x ** (2 * k))),
        (Prob(x + y > a), Prob(sp.Lt(a, (x**2 - y**2) / (x - y), evaluate=False))),
        (E((x / sp.sqrt(a) + y / sp.sqrt(a)) ** (2 * k)), E((x + y) ** (2 * k) / a**k)),
    ),
)
def test_equal_arguments(one: sp.Expr, other: sp.Expr) -> None:
    assert Kernel(()).same(one, other)
    assert not Kernel(()).same(one, sp.Rational(21, 20) * other)


@pytest.mark.parametrize(
    "one, other",
    (
        (E(x + y), E(x - y)),
        (E(x**2), E(x) ** 2),
        (E(x), Prob(x)),
        (Prob(x > y), Prob(y > x)),
        (Prob(x > y), Prob(x >= y)),
        (E((x + y) ** (2 * k) / a**k), E((x + y) ** (2 * k) / a ** (k + 1))),
        (E((x + y) ** k), E((-x - y) ** k)),
        (E(abs(x) ** q), E(x**q)),
    ),
)
def test_other_arguments(one: sp.Expr, other: sp.Expr) -> None:
    assert not Kernel(()).same(one, other)


def test_alike_needs_all_parts() -> None:
    assert alike(sp.Integral(x * (x + 1), (x, 0, 1)), sp.Integral(x**2 + x, (x, 0, 1)))
    assert not alike(sp.Integral(x**2 + x, (x, 0, 2)), sp.Integral(x**2 + x, (x, 0, 1)))


def test_a_mean_has_no_digits() -> None:
    """SymPy knows a number of the name E, and its digits would be taken for the mean's."""
    assert sp.N(E(sp.Integer(3))) == E(sp.Integer(3))
    assert not Kernel(()).same(E(sp.Integer(3)), sp.E)
