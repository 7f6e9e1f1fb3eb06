"""Rules of rates: true uses are accepted, their right sides times 21/20 and tricky ones refused."""

import numpy as np
import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.eigenvalues import largest, smallest, smallest_positive
from theory.functions.heads import sup
from theory.functions.rates import (
    largest_over,
    least,
    root_size,
    smallest_over,
)
from theory.functions.stated import argmin
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import rates
from theory.proofs.uses import Use

R, eta, beta, lam, k, left = (each.symbol for each in (s.R, s.eta, s.beta, s.lam, s.k, s.left))
LOW, HIGH = smallest_positive(R), largest(R)
KERNEL = Kernel((s.R, s.beta, s.left), (LOW,))
WRONG = sp.Rational(21, 20)


def holds(use: Use, before: sp.Expr, after: sp.Expr, kernel: Kernel = KERNEL) -> bool:
    return use.holds(kernel, before, sp.sympify(after), "=")


def over(value: sp.Expr, extreme: type = largest_over) -> sp.Expr:
    return extreme(value, lam, LOW, HIGH)


#: Modes with the rate below which they contract.
MODES = (
    (sp.Abs(1 - eta * lam), 2 / lam),
    (root_size(1 + beta - eta * lam, beta), 2 * (1 + beta) / lam),
    (
        root_size((1 + beta) * (1 - eta * lam), beta * (1 - eta * lam)),
        2 * (1 + beta) / ((1 + 2 * beta) * lam),
    ),
)


@pytest.mark.parametrize("mode, rate", MODES)
def test_the_rates_at_which_modes_contract(mode: sp.Expr, rate: sp.Expr) -> None:
    before = sup(eta, eta, over(mode) < 1)
    use = rates.stable_below()
    assert holds(use, before, over(rate, smallest_over))
    assert not holds(use, before, over(WRONG * rate, smallest_over))
    assert not holds(use, before, over(rate / WRONG, smallest_over))
    assert not holds(use, before, over(-rate, smallest_over))
    assert not holds(use, before, over(rate, largest_over))
    assert not holds(use, sup(eta, eta, over(mode) < 2), over(rate, smallest_over))
    assert not holds(use, sup(eta, eta, over(mode) < 1), smallest_over(rate, lam, LOW, 2 * HIGH))


@pytest.mark.parametrize("mode, rate", MODES)
def test_the_rate_by_the_roots_themselves(mode: sp.Expr, rate: sp.Expr) -> None:
    """An oracle: the roots in floats on either side of the rate."""
    for momentum, curvature in ((0.2, 0.7), (0.9, 3.0)):
        here = {beta: momentum, lam: curvature}
        bound = float(rate.subs(here))
        for share in (0.01, 0.5, 0.99, 1.01, 2, 10):
            args = [float(each.subs({**here, eta: share * bound})) for each in mode.args]
            size = args[0] if len(args) == 1 else max(abs(np.roots([1, -args[0], args[1]])))
            assert (size < 1) == (share < 1)


def test_eigenvalues_that_may_be_negative() -> None:
    kernel = Kernel((s.Hess,))
    H = s.Hess.symbol
    ends = smallest(H), largest(H)
    before = sup(eta, eta, largest_over(sp.Abs(1 - eta * lam), lam, *ends) < 1)
    rate = smallest_over(2 / lam, lam, *ends)
    assert not rates.stable_below().holds(kernel, before, rate, "=")
    use = rates.extreme_at_an_end()
    squares = largest_over(lam**2, lam, *ends)
    assert not use.holds(kernel, squares, largest(H) ** 2, "=")
    assert use.holds(kernel, largest_over(3 - lam, lam, *ends), 3 - smallest(H), "=")
    modes = largest_over(root_size(1 + beta - eta * lam, beta), lam, *ends)
    size = sp.sqrt(largest(H)) - sp.sqrt(smallest(H))
    size /= sp.sqrt(largest(H)) + sp.sqrt(smallest(H))
    best = rates.roots_of_one_size()
    assert not best.holds(kernel, least(modes, (eta, beta)), size, "=")


def test_a_mode_that_stays_unstable_has_no_such_rate() -> None:
    grows = sup(eta, eta, over(sp.Abs(3 - eta * lam)) < 1)  # and only then it contracts
    assert not holds(rates.stable_below(), grows, over(2 / lam, smallest_over))
    heavy = sup(eta, eta, over(root_size(1 + 2 - eta * lam, sp.Integer(2))) < 1)
    assert not holds(rates.stable_below(), heavy, over(6 / lam, smallest_over))


def test_the_extreme_is_at_an_end() -> None:
    use = rates.extreme_at_an_end()
    assert holds(use, over(2 / lam, smallest_over), 2 / HIGH)
    assert holds(use, over(2 / lam), 2 / LOW)
    assert not holds(use, over(2 / lam), 2 / HIGH)
    assert holds(use, sp.log(over(1 - lam / HIGH)), sp.log(1 - LOW / HIGH))
    assert not holds(use, over(1 - lam / HIGH), WRONG * (1 - LOW / HIGH))
    best = 2 / (LOW + HIGH)
    assert holds(use, over(sp.Abs(1 - best * lam)), (HIGH - LOW) / (HIGH + LOW))
    assert not holds(use, over(sp.Abs(1 - WRONG * best * lam)), sp.Abs(1 - WRONG * best * LOW))
    bump = (lam - LOW) * (HIGH - lam)  # zero at both ends, and larger between
    assert not holds(use, over(bump), sp.Integer(0))
    assert holds(use, over(bump, smallest_over), sp.Integer(0))


def test_a_convex_value_is_largest_at_an_end() -> None:
    use = rates.convex_at_the_ends()
    ends = sp.Max(sp.Abs(1 - eta * LOW), sp.Abs(1 - eta * HIGH))
    assert holds(use, over(sp.Abs(1 - eta * lam)), ends)
    assert not holds(use, over(sp.Abs(1 - eta * lam)), WRONG * ends)
    assert not holds(use, over(sp.Abs(1 - eta * lam)), sp.Abs(1 - eta * LOW))
    assert not holds(use, over(sp.Abs(1 - eta * lam), smallest_over), ends)
    bent = sp.Max(sp.Abs(1 - LOW**2), sp.Abs(1 - HIGH**2))
    assert not holds(use, over(sp.Abs(1 - lam**2)), bent)


def test_lines_meet() -> None:
    use = rates.lines_meet()
    ends = sp.Max(sp.Abs(1 - eta * LOW), sp.Abs(1 - eta * HIGH))
    rate, height = 2 / (LOW + HIGH), (HIGH - LOW) / (HIGH + LOW)
    assert holds(use, argmin(eta, ends, (eta,)), rate)
    assert holds(use, least(ends, (eta,)), height)
    assert not holds(use, argmin(eta, ends, (eta,)), WRONG * rate)
    assert not holds(use, least(ends, (eta,)), WRONG * height)
    assert not holds(use, least(sp.Max(sp.Abs(1 - eta**2), sp.Abs(2 - eta)), (eta,)), height)
    both_fall = sp.Max(sp.Abs(2 - eta), sp.Abs(1 - eta))  # they meet at no height above 0 ...
    assert not holds(use, least(both_fall, (eta,)), sp.Integer(0))
    assert holds(use, least(both_fall, (eta,)), sp.Rational(1, 2))  # ... but |1 - eta| rises again
    assert not holds(use, argmin(beta, ends, (eta,)), rate)
    behind = sp.Max(sp.Abs(-1 - 2 * eta), sp.Abs(1 + eta))  # they meet at a negative rate
    assert not holds(use, argmin(eta, behind, (eta,)), -sp.Rational(2, 3))


def test_all_roots_of_one_size() -> None:
    use, both = rates.roots_of_one_size(), (eta, beta)
    kernel = Kernel((s.R,), (LOW,))
    modes = over(root_size(1 + beta - eta * lam, beta))
    small, large = sp.sqrt(LOW), sp.sqrt(HIGH)
    size = (large - small) / (large + small)
    best = {
        argmin(eta, modes, both): 4 / (large + small) ** 2,
        argmin(beta, modes, both): size**2,
        least(modes, both): size,
    }
    for before, after in best.items():
        assert holds(use, before, after, kernel)
        assert not holds(use, before, WRONG * after, kernel)
    assert not holds(use, argmin(eta, modes, both), 1 / HIGH, kernel)
    assert not holds(use, least(modes, (eta,)), size, kernel)  # at one momentum
    nesterov = over(root_size((1 + beta) * (1 - eta * lam), beta * (1 - eta * lam)))
    assert not holds(use, least(nesterov, both), size, kernel)
