"""Rules of slopes: gradients inside an expression, and what steps do."""

import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner, length, standardised
from theory.functions.heads import grad, hess, moved, smooth
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import slopes

y, g, H, u = s.y.symbol, s.g.symbol, s.H.symbol, s.u.within(rows=s.B.symbol).symbol
t = sp.Symbol("t", real=True)
WORSE = sp.Rational(21, 20)


@pytest.fixture
def kernel() -> Kernel:
    return Kernel((s.y, s.g, s.H, s.u.within(rows=s.B.symbol)))


def test_a_gradient_inside_an_expression(kernel: Kernel) -> None:
    half = grad(inner(y, H * y) / 2, y)
    rule = slopes.slopes(are={half: H * y})
    assert rule.holds(kernel, inner(u, half), inner(u, H * y), "=")
    assert not rule.holds(kernel, inner(u, half), WORSE * inner(u, H * y), "=")
    assert not slopes.slopes(are={half: 2 * H * y}).holds(
        kernel, inner(u, half), 2 * inner(u, H * y), "="
    )


def test_the_gradient_of_a_smooth_loss_is_not_known_after_a_step(kernel: Kernel) -> None:
    here = grad(smooth(y, g, H), y)
    after = length(moved(here, (y, u)))
    rule = slopes.slopes(are={here: g})
    assert rule.holds(kernel, length(here), length(g), "=")
    assert not rule.holds(kernel, after, length(moved(g, (y, u))), "=")


def test_a_step_is_put_in(kernel: Kernel) -> None:
    after = moved(inner(y, y), (y, t * u))
    there = inner(y + t * u, y + t * u)
    assert slopes.steps().holds(kernel, after, there, "=")
    assert not slopes.steps().holds(kernel, after, WORSE * there, "=")
    assert slopes.steps().holds(kernel, moved(inner(y, y)) - inner(y, y), sp.Integer(0), "=")


def test_of_a_smooth_loss_and_a_gradient_no_step_is_put_in(kernel: Kernel) -> None:
    loss = smooth(y, g, H)
    assert not slopes.steps().holds(kernel, moved(loss, (y, u)), smooth(y + u, g, H), "=")
    slope = grad(inner(y, y), y)
    assert not slopes.steps().holds(kernel, moved(slope, (y, u)), grad(inner(y, y), y), "=")


def second_order(factor: sp.Expr = sp.S.One) -> sp.Limit:
    loss = smooth(standardised(y, 0), g, H)
    rest = moved(loss, (y, t * u)) - loss - factor * t * inner(grad(loss, y), u)
    return sp.Limit(2 * rest / t**2, t, 0, "+-")


def test_a_small_step_to_second_order(kernel: Kernel) -> None:
    bend = inner(u, hess(smooth(standardised(y, 0), g, H), y) * u)
    assert slopes.small_step().holds(kernel, second_order(), bend, "=")
    assert not slopes.small_step().holds(kernel, second_order(), WORSE * bend, "=")
    assert not slopes.small_step().holds(kernel, second_order(WORSE), bend, "=")


def test_a_small_step_changes_the_gradient_by_the_hessian(kernel: Kernel) -> None:
    loss = smooth(y, g, H)
    slope, bend = grad(loss, y), hess(loss, y)
    change = length(moved(slope, (y, t * u)) - slope)
    rate = sp.Limit(change / t, t, 0, "+")
    assert slopes.small_step().holds(kernel, rate, length(bend * u), "=")
    assert not slopes.small_step().holds(kernel, rate, WORSE * length(bend * u), "=")
    assert not slopes.small_step().holds(kernel, rate, length(slope), "=")
    both_sides = sp.Limit(change / t, t, 0, "+-")  # of |t|/t
    assert not slopes.small_step().holds(kernel, both_sides, length(bend * u), "=")


def test_what_stands_in_a_limit_may_be_rewritten(kernel: Kernel) -> None:
    left = sp.Limit(sp.sqrt(t**2 * inner(u, u)) / t, t, 0, "+")
    right = sp.Limit(length(u), t, 0, "+")
    assert slopes.inside_limit().holds(kernel, left, right, "=")
    for wrong in (
        sp.Limit(WORSE * length(u), t, 0, "+"),
        sp.Limit(length(u), t, 1, "+"),
        sp.Limit(length(u), t, 0, "-"),
    ):
        assert not slopes.inside_limit().holds(kernel, left, wrong, "=")
    below = sp.Limit(sp.sqrt(t**2 * inner(u, u)) / t, t, 0, "-")
    assert not slopes.inside_limit().holds(kernel, below, sp.Limit(length(u), t, 0, "-"), "=")
