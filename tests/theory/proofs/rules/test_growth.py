"""Inequalities by slopes, from zero on."""

import sympy as sp

from theory import symbols as s
from theory.proofs.covers import product_below
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import growth

eta, lam = s.eta.symbol, s.lam.symbol
x = eta * lam
KERNEL = Kernel((s.eta, s.lam)).within(dict(product_below(eta, lam, 1).cases[0]))
KERNEL.facts = {x < 1}
LOG = -1 / sp.log(1 - x)
USE = growth.inverse_of_what_grows_faster(letter=eta)


def test_what_grows_faster_has_the_smaller_inverse() -> None:
    assert USE.holds(KERNEL, LOG, (2 - x) / (2 * x), "<=")
    assert USE.holds(KERNEL, LOG, (1 - x) / x, ">=")
    assert USE.holds(KERNEL, LOG, 1 / x, "<=")
    assert not USE.holds(KERNEL, LOG, (2 - x) / (2 * x), ">=")
    assert not USE.holds(KERNEL, LOG, (2 - x) / (2 * x), "=")
    assert not USE.holds(KERNEL, LOG, (2 - x) / (sp.Rational(21, 20) * 2 * x), "<=")
    assert not USE.holds(KERNEL, LOG, sp.Rational(21, 20) * (1 - x) / x, ">=")


def test_what_does_not_start_at_zero_or_falls_later() -> None:
    assert not USE.holds(KERNEL, 1 / (1 + 2 * x), 1 / (1 + x), "<=")
    hump = x * (1 - x)  # it falls from x = 1/2 on
    assert not USE.holds(KERNEL, 1 / x, 1 / hump, "<=")
    assert not USE.holds(KERNEL, 1 / hump, 1 / (hump / 2), "<=")


def test_a_letter_that_starts_above_zero() -> None:
    kernel = Kernel((s.eta.within(low=1),))
    use = growth.inverse_of_what_grows_faster(letter=eta)
    late = eta * (eta - 1) ** 2  # it grows from 1 on, and falls before
    assert not use.holds(kernel, 1 / (eta + late), 1 / eta, "<=")


def test_a_domain_that_does_not_reach_down_to_zero() -> None:
    kernel = KERNEL.within({})
    kernel.facts = {x > sp.Rational(1, 2)}
    assert not USE.holds(kernel, LOG, (2 - x) / (2 * x), "<=")
