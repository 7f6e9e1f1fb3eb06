"""Inequalities inside an expression: what the rule accepts and refuses."""

from typing import Any

import pytest
import sympy as sp

from theory import symbols as s
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.monotone import grows_inside
from theory.proofs.rules.order import gap

lam, v, m, q = s.lam.symbol, s.v.symbol, s.m.symbol, s.q.symbol
HIGHER = lam + v


def holds(left: Any, relation: str, right: Any, old: Any = lam, new: Any = HIGHER) -> bool:
    use = grows_inside(old=old, new=new, by=gap(is_=sp.Abs(new - old)))
    return use.holds(Kernel((s.lam, s.v, s.m, s.q)), left, right, relation)


GROW = [
    lambda x: (3 + q) * x + m,
    lambda x: sp.sqrt(x * (1 + x)),
    lambda x: -1 / (1 + x),
    lambda x: sp.Max(0, x - q) / (1 + q),
    lambda x: x**2,
]
NEITHER = [
    lambda x: m * x,  # m has any sign
    lambda x: x * (1 - x),
    lambda x: (x - q) ** 2,
    lambda x: 1 / (x - q),
    lambda x: x - sp.sqrt(x),
    lambda x: sp.sin(x),
    lambda x: x * (x - q),
]


@pytest.mark.parametrize("f", GROW)
def test_what_grows(f: Any) -> None:
    assert holds(f(lam), "<=", f(HIGHER))
    assert not holds(f(lam), ">=", f(HIGHER))
    assert not holds(f(lam), "=", f(HIGHER))
    assert not holds(f(lam), "<=", sp.Rational(21, 20) * f(HIGHER))
    assert holds(f(HIGHER), ">=", f(lam), HIGHER, lam)
    assert holds(-f(lam), ">=", -f(HIGHER))


@pytest.mark.parametrize("f", NEITHER)
def test_what_does_neither(f: Any) -> None:
    assert not holds(f(lam), "<=", f(HIGHER))
    assert not holds(f(lam), ">=", f(HIGHER))


def test_without_an_inequality_or_without_what_is_replaced() -> None:
    assert not holds(lam, "<=", lam + m, lam, lam + m)
    assert not holds(1 + q, "<=", 1 + q)
