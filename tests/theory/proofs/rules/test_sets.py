"""Suprema over one set of columns: equal where the values are equal for all members."""

import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner
from theory.functions.heads import inf, sup
from theory.functions.matrices import pinv
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import sets

Hess, span, P = s.Hess.symbol, s.span.symbol, s.P.symbol
x = sp.MatrixSymbol("x", P, 1)
OUTSIDE = sp.Eq(inner(span.T * x, span.T * x), 0)
UNIT = sp.Eq(inner(x, x), 1)
BASIS = span * pinv(span)
KEPT = Hess - BASIS * Hess - Hess * BASIS + BASIS * Hess * BASIS
BEND, SAME = inner(x, KEPT * x), inner(x, Hess * x)
USE = sets.same_on_the_set()


def holds(left, right, relation="="):
    return USE.holds(Kernel((s.Hess, s.span, s.u.within(rows=P))), left, right, relation)


def test_values_that_agree_on_the_set_have_one_supremum():
    right = sup(SAME, x, UNIT, OUTSIDE)
    assert holds(sup(BEND, x, UNIT, OUTSIDE), right)
    assert holds(sup(inner(x, x) * SAME, x, UNIT), sup(SAME, x, UNIT))
    assert not holds(sup(BEND, x, UNIT, OUTSIDE), sup(sp.Rational(21, 20) * SAME, x, UNIT, OUTSIDE))
    assert not holds(sup(BEND, x, UNIT, OUTSIDE), right, "<=")


def test_values_that_differ_somewhere_have_not():
    assert not holds(sup(BEND, x, UNIT), sup(SAME, x, UNIT))  # not outside the span
    assert not holds(sup(BEND, x, UNIT, OUTSIDE), sup(SAME, x, UNIT))  # another set
    assert not holds(sup(BEND, x, UNIT, OUTSIDE), inf(SAME, x, UNIT, OUTSIDE))
    assert not holds(sup(inner(x, x) * SAME, x, OUTSIDE), sup(SAME, x, OUTSIDE))
    assert not holds(sup(inner(x, x) ** 2, x, UNIT), sup(2 * inner(x, x), x, UNIT))
    other = sp.MatrixSymbol("other", *span.shape)
    elsewhere = sp.Eq(inner(other.T * x, other.T * x), 0)
    assert not holds(sup(BEND, x, UNIT, elsewhere), sup(SAME, x, UNIT, elsewhere))


def test_a_condition_of_another_form_says_nothing():
    below = sp.Le(inner(x, x), 1)
    assert not holds(sup(inner(x, x) * SAME, x, below), sup(SAME, x, below))
    positive = sp.Eq(inner(span.T * x, span.T * x), 1)
    assert not holds(sup(BEND, x, UNIT, positive), sup(SAME, x, UNIT, positive))


def test_what_is_said_of_members_is_said_of_no_other_column():
    kernel = Kernel((s.Hess, s.span))
    assert USE.holds(kernel, sup(BEND, x, UNIT, OUTSIDE), sup(SAME, x, UNIT, OUTSIDE), "=")
    assert not kernel.same(inner(x, x), 1)
    assert not kernel.same(span.T * x, sp.ZeroMatrix(span.shape[1], 1))
