"""Rules of extremes: a member and a gap."""

import sympy as sp

from theory import symbols as s
from theory.functions.heads import inf, minimum, sup
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import extremes

a, b = s.lam.symbol, s.height.symbol  # positive
x, size = sp.Symbol("x", real=True), sp.Symbol("size", positive=True)
KERNEL = Kernel((s.lam, s.height))
WORSE = sp.Rational(21, 20)
PARABOLA = a * x**2 - 2 * b * x
LEAST = extremes.extreme(at=b / a, gap=a * (x - b / a) ** 2)


def test_a_parabola_is_least_at_its_vertex() -> None:
    for head in (minimum, inf):
        assert LEAST.holds(KERNEL, head(PARABOLA, x), -(b**2) / a, "=")
        assert not LEAST.holds(KERNEL, head(PARABOLA, x), -WORSE * b**2 / a, "=")
    assert not LEAST.holds(KERNEL, sup(PARABOLA, x), -(b**2) / a, "=")
    elsewhere = extremes.extreme(at=b, gap=a * (x - b / a) ** 2)
    assert not elsewhere.holds(KERNEL, minimum(PARABOLA, x), -(b**2) / a, "=")


def test_a_gap_of_any_sign_is_refused() -> None:
    slope = extremes.extreme(at=0, gap=a * x)
    assert not slope.holds(KERNEL, minimum(a * x, x), sp.Integer(0), "=")
    assert slope.holds(KERNEL, minimum(a * x, x, x >= 0), sp.Integer(0), "=") is False
    by_condition = extremes.extreme(at=0, gap=0, facts={x >= 0: a})
    assert by_condition.holds(KERNEL, minimum(a * x, x, x >= 0), sp.Integer(0), "=")
    assert not by_condition.holds(KERNEL, minimum(a * x, x), sp.Integer(0), "=")


def test_the_member_fulfils_the_conditions() -> None:
    outside = extremes.extreme(at=b / a, gap=a * (x - b / a) ** 2)
    assert not outside.holds(KERNEL, minimum(PARABOLA, x, x <= 0), -(b**2) / a, "=")
    below_zero = extremes.extreme(at=-b, gap=(size + b) ** 2)
    assert not below_zero.holds(KERNEL, minimum((size + b) ** 2, size), sp.Integer(0), "=")


def test_the_letter_of_the_set_has_no_other_meaning() -> None:
    inside = KERNEL.within({x: b})
    assert not LEAST.holds(inside, minimum(PARABOLA, x), -(b**2) / a, "=")
    assert not LEAST.holds(KERNEL, minimum(PARABOLA, x), PARABOLA, "=")


def test_an_absolute_value_has_two_gaps() -> None:
    value = sp.Abs(a + b * sp.cos(x))
    both = extremes.extreme(
        at=0, gap=(2 * b * sp.sin(x / 2) ** 2, 2 * a + 2 * b * sp.cos(x / 2) ** 2)
    )
    assert both.holds(KERNEL, sup(value, x), a + b, "=")
    assert not both.holds(KERNEL, sup(value, x), WORSE * (a + b), "=")
    one = extremes.extreme(at=0, gap=(2 * b * sp.sin(x / 2) ** 2, sp.S.Zero))
    assert not one.holds(KERNEL, sup(value, x), a + b, "=")
