"""Matrices that are written out entry by entry are carried out, and others are not."""

import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import explicit

lam, ratio, k = s.lam.symbol, s.ratio.symbol, s.k.symbol
H = sp.ImmutableMatrix([[lam, 0], [0, 3 * lam]])
v = sp.ImmutableMatrix([1, ratio])
AFTER = sp.MatMul(sp.MatPow(H, k), v)
USE = explicit.carried_out()


def holds(left, right, relation="="):
    return USE.holds(Kernel((s.lam, s.ratio, s.k)), left, right, relation)


def test_powers_and_products_are_carried_out():
    right = lam ** (2 * k) + ratio**2 * (3 * lam) ** (2 * k)
    assert holds(inner(AFTER, AFTER), right)
    assert not holds(inner(AFTER, AFTER), sp.Rational(21, 20) * right)
    assert not holds(inner(AFTER, AFTER), right, "<=")


def test_products_in_another_order_are_not():
    turn = sp.ImmutableMatrix([[0, 1], [2, 0]])
    left = inner(v, sp.MatMul(turn, H, v))
    assert holds(left, 3 * lam * ratio + 2 * lam * ratio)
    assert not holds(left, inner(v, sp.MatMul(H, turn, v)).doit())
    assert not holds(left, inner(v, sp.MatMul(turn.T, v)).doit())


def test_letters_are_not_its_matter():
    W, d = sp.MatrixSymbol("W", 2, 2), sp.MatrixSymbol("d", 2, 1)
    assert not holds(inner(d, W * d), inner(d, W.T * d))
    assert not holds(inner(v, W * v), inner(v, W * v) + 0 * lam)
