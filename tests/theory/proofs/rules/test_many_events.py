"""Rules of many events accept what is true and refuse what is not."""

import sympy as sp

from tests.theory.proofs.holding import MORE, holds
from theory.functions.heads_of_chance import Prob
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import many_events

a, b, d = sp.symbols("a b d", real=True)


def positive(*forms):
    return Prob(sp.And(*(form > 0 for form in forms)))


def test_events_that_exclude_one_another():
    kernel, use = Kernel(()), many_events.disjoint()
    one, other = sp.And(a - b > 0, d > 0), sp.And(b - a > 0, d > 0)
    left, right = Prob(sp.Or(one, other)), Prob(one) + Prob(other)
    assert use.holds(kernel, left, right, "=")
    assert not holds(use, kernel, left, MORE * right)
    assert not holds(use, kernel, left, right, "<=")
    overlap = sp.And(d > 0, a > 0)  # happens with the first
    assert not holds(use, kernel, Prob(sp.Or(one, overlap)), Prob(one) + Prob(overlap))
