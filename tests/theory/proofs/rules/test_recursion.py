"""Rules of recursions: true uses, the same times 21/20, and false ones that look true."""

from dataclasses import replace

import pytest
import sympy as sp

from theory.functions.recursions import iterate
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import recursion
from theory.proofs.rules.recursion import Bound, done, value

KERNEL = Kernel(())
MORE = sp.Rational(21, 20)
a, c = sp.symbols("a c", positive=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
n, m = sp.symbols("n m", integer=True, positive=True)
x = sp.IndexedBase("x", real=True)
i = sp.Symbol("i", integer=True)


def repeated(after, times=k):
    """The recursion r -> after from a."""
    return iterate(sp.Lambda(value, after), a, times)


def indexed(after, times=k):
    """The same of a rule that knows how many steps were before."""
    return iterate(sp.Lambda((value, done), after), a, times)


ROOT = repeated(value + c / value)
BELOW = Bound(a**2 + 2 * c * done, ">=", gap=c**2 / value**2, power=2)
EARLIER = a**2 + 2 * c * (done - 1)
ABOVE = Bound(
    a**2 + 2 * c * done + c**2 / a**2 + c / 2 * sp.log(EARLIER / a**2),
    "<=",
    gap=c**2 / (EARLIER + 2 * c) - c**2 / value**2,
    power=2,
    first=1,
    logs={EARLIER / (EARLIER + 2 * c): c / 2},
    given=BELOW,
)


def test_induction_proves_a_closed_form() -> None:
    grows = repeated(2 * value + 1)
    closed = 2**done * (a + 1) - 1
    said = closed.subs(done, k)
    assert recursion.induction(is_=closed).holds(KERNEL, grows, said, "=")
    assert recursion.induction(is_=closed).holds(KERNEL, 3 / grows, 3 / said, "=")
    assert not recursion.induction(is_=closed).holds(KERNEL, grows, MORE * said, "=")
    assert not recursion.induction(is_=MORE * closed).holds(KERNEL, grows, MORE * said, "=")
    assert not recursion.induction(is_=closed).holds(KERNEL, grows, said, "<=")


def test_induction_takes_sums_apart() -> None:
    adds = indexed(value + x[done])
    closed = a + sp.Sum(x[i], (i, 0, done - 1))
    assert recursion.induction(is_=closed).holds(KERNEL, adds, closed.subs(done, k), "=")


@pytest.mark.parametrize(
    "closed",
    [
        2**done * (a + 1) - 1 + done * (done - 1) * (done - 2),  # right for three steps
        2**done * a,  # starts right
        2**done * (a + 2) - 1,  # goes on right
    ],
)
def test_induction_refuses_what_holds_only_at_first(closed) -> None:
    said = closed.subs(done, k)
    assert not recursion.induction(is_=closed).holds(KERNEL, repeated(2 * value + 1), said, "=")


def test_induction_refuses_a_sum_with_one_summand_more() -> None:
    closed = a + sp.Sum(x[i], (i, 0, done))
    adds = indexed(value + x[done])
    assert not recursion.induction(is_=closed).holds(KERNEL, adds, closed.subs(done, k), "=")


def test_bounds_of_a_growing_recursion() -> None:
    low = sp.sqrt(a**2 + 2 * c * k)
    below = recursion.bounded(by=BELOW)
    assert below.holds(KERNEL, ROOT, low, ">=")
    assert below.holds(KERNEL, 1 / ROOT, 1 / low, "<=")  # what falls is turned
    assert not below.holds(KERNEL, ROOT, MORE * low, ">=")
    assert not below.holds(KERNEL, ROOT, low, "<=")
    assert not below.holds(KERNEL, 1 / ROOT, 1 / low, ">=")
    assert not below.holds(KERNEL, ROOT - ROOT**2, low - low**2, ">=")  # grows and falls


def test_an_upper_bound_that_starts_at_the_first_step() -> None:
    above = recursion.bounded(by=ABOVE)
    assert above.holds(KERNEL, repeated(value + c / value, n), ABOVE.at(n), "<=")
    assert not above.holds(KERNEL, repeated(value + c / value, n), MORE * ABOVE.at(n), "<=")
    assert not above.holds(KERNEL, ROOT, ABOVE.at(k), "<=")  # k may be zero


@pytest.mark.parametrize(
    "bound",
    [
        replace(BELOW, least=a**2 + 3 * c * done),  # faster than it grows
        replace(BELOW, least=2 * a**2 + 2 * c * done),  # more than at the start
        replace(BELOW, relation="<="),
        replace(BELOW, gap=-(c**2) / value**2),  # not what is left
        replace(ABOVE, given=None),  # the gap needs the lower bound
        replace(ABOVE, given=replace(BELOW, least=a**2 + 3 * c * done)),  # a false one
        replace(ABOVE, logs={EARLIER / (EARLIER + 2 * c): c / 3}),
        replace(ABOVE, first=0),
    ],
)
def test_false_bounds_do_not_hold(bound) -> None:
    assert not bound.holds(KERNEL, ROOT)


def test_a_recursion_that_may_become_negative_has_no_bounds() -> None:
    falls = repeated(value - c)
    assert not Bound(a - c * done, ">=", gap=sp.S.Zero).holds(KERNEL, falls)


def test_a_limit_between_two_bounds() -> None:
    start = a**2 + 2 * c * done
    above = Bound(
        start + c**2 / a**2 - c**2 / start + c / 2 * sp.log(start / a**2),
        "<=",
        gap=c**2 / start - c**2 / value**2,
        power=2,
        logs={start / (start + 2 * c): c / 2},
        given=BELOW,
    )
    squeezed = recursion.squeezed(low=BELOW, high=above)
    tends = sp.Limit(repeated(value + c / value, n) / sp.sqrt(n), n, sp.oo)
    assert squeezed.holds(KERNEL, tends, sp.sqrt(2 * c), "=")
    assert not squeezed.holds(KERNEL, tends, MORE * sp.sqrt(2 * c), "=")
    assert not recursion.squeezed(low=BELOW, high=BELOW).holds(KERNEL, tends, sp.sqrt(2 * c), "=")
    line = replace(above, least=a**2 + (2 * c + c**2 / a**2) * done, logs={},
                   gap=c**2 / a**2 - c**2 / value**2,
                   given=Bound(a**2, ">=", gap=2 * c + c**2 / value**2, power=2))  # fmt: skip
    wide = recursion.squeezed(low=BELOW, high=line)
    assert line.holds(KERNEL, ROOT)
    assert not wide.holds(KERNEL, tends, sp.sqrt(2 * c), "=")  # its limit is another


def test_what_bounds_do_not_reach() -> None:
    low = recursion.bounded(by=BELOW)
    pole = repeated(value + c / value)
    there = BELOW.at(k)
    assert not low.holds(KERNEL, 1 / (2 * a - pole), 1 / (2 * a - there), ">=")  # it jumps
    negative = Bound(-a, ">=", gap=c / value)
    assert not recursion.bounded(by=negative).holds(KERNEL, 1 / pole, -1 / a, "<=")
    half = repeated(value + c / value, sp.Symbol("t", positive=True))
    assert not low.holds(KERNEL, half, BELOW.at(half.args[2]), ">=")  # no number of steps


def test_letters_of_the_rule_are_refused_from_outside() -> None:
    """A rule that holds ``done`` without being a function of it means that of something else."""
    adds = repeated(value + x[done])
    closed = a + sp.Sum(x[i], (i, 0, done - 1))
    assert not recursion.induction(is_=closed).holds(KERNEL, adds, closed.subs(done, k), "=")


def test_sums_that_may_be_empty_are_not_taken_apart() -> None:
    adds = indexed(value + x[done])
    later = a + x[0] + sp.Sum(x[i], (i, 1, done - 1))
    assert not recursion.induction(is_=later).holds(KERNEL, adds, later.subs(done, k), "=")
