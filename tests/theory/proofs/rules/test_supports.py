"""Integrals over functions that are zero outside a range."""

import sympy as sp
from scipy.integrate import quad

from tests.close import discretised
from theory import symbols as s
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.supports import support_of_a_product

x, y, v = sp.Symbol("x", positive=True), sp.Symbol("y", positive=True), s.v.symbol
lam = s.lam.symbol
KERNEL, USE = Kernel((s.v,)), support_of_a_product()


def says_below(function: sp.Expr, letter: sp.Symbol, end: sp.Expr) -> sp.Piecewise:
    return sp.Piecewise((function, letter < end), (0, True))


def convolved(first: sp.Expr, second: sp.Expr) -> sp.Integral:
    return sp.Integral(first * sp.Subs(second, y, lam / x) / x, (x, 0, sp.oo))


LEFT = convolved(says_below(x**2, x, 4 * v), says_below(sp.exp(-y), y, 3))
INSIDE = x * sp.exp(-lam / x)


def test_the_range_is_where_both_are() -> None:
    right = sp.Integral(INSIDE, (x, sp.Min(lam / 3, 4 * v), 4 * v))
    assert USE.holds(KERNEL, LEFT, right, "=")
    assert not USE.holds(KERNEL, LEFT, sp.Rational(21, 20) * right, "=")
    for at in (2.0, 7.0):  # the second one lies above both ends
        values = {lam: at, v: 0.5}
        product = sp.lambdify(x, LEFT.function.doit().subs(values), "math")
        inside = sp.lambdify(x, INSIDE.subs(values), "math")
        start = float(right.limits[0][1].subs(values))
        whole = quad(product, 1e-9, 3, points=[at / 3, 2.0])[0]
        assert discretised(float(whole), float(quad(inside, start, 2.0)[0]), 1e-09)


def test_other_ranges_are_refused() -> None:
    for low, high in ((lam / 3, 4 * v), (0, 4 * v), (sp.Min(lam / 4, 4 * v), 4 * v)):
        assert not USE.holds(KERNEL, LEFT, sp.Integral(INSIDE, (x, low, high)), "=")


def test_what_does_not_end_twice_is_refused() -> None:
    right = sp.Integral(INSIDE, (x, sp.Min(lam / 3, 4 * v), 4 * v))
    above = sp.Piecewise((x**2, x > 4 * v), (0, True))
    shifted = sp.Piecewise((x**2, x < 4 * v), (1, True))
    for first in (above, shifted, x**2, says_below(x**2, x, sp.Symbol("a", real=True))):
        left = convolved(first, says_below(sp.exp(-y), y, 3))
        assert not USE.holds(KERNEL, left, right, "=")
