"""Limits of sums of powers: what leads is seen, and nothing else is."""

import pytest
import sympy as sp

from theory import symbols as s
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import leading

k = s.k.symbol
a, b, more = sp.symbols("a b more", positive=True)
x, y = sp.symbols("x y", real=True)
low = sp.Symbol("low", nonnegative=True)
i, n = sp.symbols("i n", integer=True, positive=True)
w, q = (sp.IndexedBase(name, positive=True) for name in ("w", "q"))
top = b + more  # above b in size
USE = leading.leading_power()


def holds(above, below, right):
    left = sp.Limit(above / below, k, sp.oo)
    return USE.holds(Kernel((s.k,)), left, right, "=")


MANY = sp.Sum(w[i] * (top / (1 + q[i])) ** (2 * k), (i, 1, n))
LONG = sp.Sum(w[i] * (top / (1 + q[i])) ** (2 * k + 1), (i, 1, n))


@pytest.mark.parametrize(
    ("above", "below", "right"),
    [
        (a * top ** (2 * k + 1) + x * b ** (2 * k), a * top ** (2 * k) + b ** (2 * k), top),
        (x * top ** (2 * k) + y * b ** (2 * k), a * top ** (2 * k) + b ** (2 * k), x / a),
        (a * (-top) ** (2 * k + 1) + low * b ** (2 * k + 1), a * (-top) ** (2 * k), -top),
        (a * top ** (2 * k + 1) + LONG, a * top ** (2 * k) + MANY, top),
    ],
)
def test_the_largest_base_is_left(above, below, right):
    assert holds(above, below, right)
    assert not holds(above, below, sp.Rational(21, 20) * right)
    assert not holds(above, below, -right)


@pytest.mark.parametrize(
    ("above", "below", "right"),
    [
        (a * top ** (2 * k + 1) + b ** (2 * k), low * top ** (2 * k) + b ** (2 * k), top),  # low 0
        (a * x ** (2 * k + 1) + b ** (2 * k), a * x ** (2 * k) + b ** (2 * k), x),  # |x| < b
        (a * top ** (2 * k + 1) + (-top) ** (2 * k + 1), a * top ** (2 * k) + (-top) ** (2 * k),
         top),  # two of one size
        (a * top ** (3 * k), a * top ** (3 * k), sp.Integer(1)),
        (a * low ** (2 * k + 1), a * low ** (2 * k), low),  # 0/0
        (k * a * top ** (2 * k), a * top ** (2 * k), sp.Integer(1)),
    ],
)  # fmt: skip
def test_what_does_not_lead_is_not_left(above, below, right):
    assert not holds(above, below, right)


def test_a_limit_elsewhere_is_not_its_matter():
    left = sp.Limit(a * top ** (2 * k + 1) / (a * top ** (2 * k)), k, 0)
    assert not USE.holds(Kernel((s.k,)), left, top, "=")
