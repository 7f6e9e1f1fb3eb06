"""Covers: every case satisfies what the cover says, and the cases leave nothing out."""

import sympy as sp

from theory import symbols as s
from theory.proofs import covers

eta, decay, beta = s.eta.symbol, s.decay.symbol, s.beta.symbol


def test_a_product_below_a_bound() -> None:
    cover = covers.product_below(decay, eta, 2)
    (case,) = cover.cases
    assert sp.simplify((2 - eta * decay).subs(case)).is_positive
    (more,) = case[decay].free_symbols - {eta}
    there = sp.solve(case[decay] - sp.Rational(3, 2), more)  # eta = 1
    assert [root.subs(eta, 1) for root in there] == [sp.Rational(1, 3)]
    assert cover.needs == (decay * eta < 2,)


def test_a_real_root_of_momentum_with_decay() -> None:
    cover = covers.root_is_real(eta, decay, beta)
    (case,) = cover.cases
    below = ((1 - sp.sqrt(beta)) ** 2 - eta * decay).subs(case, simultaneous=True)
    assert sp.factor(sp.simplify(below)).is_nonnegative
    under_root = ((1 + beta - eta * decay) ** 2 - 4 * beta).subs(case, simultaneous=True)
    assert sp.factor(under_root).is_nonnegative
    assert case[beta].subs(dict.fromkeys(case[beta].free_symbols, 1)) == sp.Rational(1, 4)
    assert cover.needs == (eta * decay <= (1 - sp.sqrt(beta)) ** 2,)
