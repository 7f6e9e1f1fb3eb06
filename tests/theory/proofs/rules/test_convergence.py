"""The rule of recursions that are drawn to a value."""

import pytest
import sympy as sp

from theory.functions.recursions import iterate
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import convergence
from theory.proofs.rules.recursion import done, value

KERNEL = Kernel(())
MORE = sp.Rational(21, 20)
a, b = sp.symbols("a b", positive=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
SHARE = 1 / (1 + b)  # between 0 and 1
TO = sp.sqrt(a)


def after(share=SHARE):
    """A mean of r and a/r, which sqrt(a) does not move."""
    return share * value + (1 - share) * a / value


def tends(function, rule=None, start=a):
    """The limit of a function of the recursion."""
    rule = after() if rule is None else rule
    return sp.Limit(function(iterate(sp.Lambda(value, rule), start, k)), k, sp.oo)


def drawn(to=TO, start=a, factor=1 - SHARE * (1 - SHARE)):
    """The rule, with a first interval in which the start lies."""
    return convergence.drawn(to=to, excess=start / to + to / start, factor=factor)


@pytest.mark.parametrize("function", [lambda r: r, lambda r: 1 / r, lambda r: sp.acos(a / (a + r))])
def test_it_tends_to_the_value_and_so_do_functions_of_it(function) -> None:
    assert drawn().holds(KERNEL, tends(function), function(TO), "=")
    assert not drawn().holds(KERNEL, tends(function), MORE * function(TO), "=")
    assert not drawn().holds(KERNEL, tends(function), function(MORE * TO), "=")


def test_what_is_not_drawn_there() -> None:
    itself = tends(lambda r: r)
    assert not drawn(to=MORE * TO).holds(KERNEL, itself, MORE * TO, "=")
    assert not drawn(factor=sp.S.One).holds(KERNEL, itself, TO, "=")  # it might stand still
    assert not drawn(factor=SHARE / 2).holds(KERNEL, itself, TO, "=")  # faster than it is
    narrow = convergence.drawn(to=TO, excess=sp.S.Zero, factor=1 - SHARE * (1 - SHARE))
    assert not narrow.holds(KERNEL, itself, TO, "=")  # the start is outside
    swings = tends(lambda r: r, rule=a / value)
    assert not drawn().holds(KERNEL, swings, TO, "=")
    grows = tends(lambda r: r, rule=value + a / value)
    assert not drawn().holds(KERNEL, grows, TO, "=")


def test_functions_that_jump_or_depend_on_the_step() -> None:
    jumps = tends(lambda r: sp.floor(r / TO))
    assert not drawn().holds(KERNEL, jumps, sp.S.One, "=")
    moves = tends(lambda r: r + 1 / (1 + k))
    assert not drawn().holds(KERNEL, moves, TO + 1 / (1 + k), "=")
    early = sp.Limit(iterate(sp.Lambda(value, after()), a, k), k, 3)
    assert not drawn().holds(KERNEL, early, TO, "=")


def test_what_changes_with_the_step_is_refused() -> None:
    itself = tends(lambda r: r)
    slower = 1 - SHARE * (1 - SHARE) / (1 + done) ** 2  # the product of these stays above 0
    assert not drawn(factor=slower).holds(KERNEL, itself, TO, "=")
    share = 1 / (1 + b / (1 + k))  # its rule depends on how many steps are taken
    moving = tends(lambda r: r, rule=after(share))
    factor = 1 - share * (1 - share)
    assert not drawn(factor=factor).holds(KERNEL, moving, TO, "=")
