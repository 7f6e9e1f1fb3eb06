"""A quadratic polynomial is least where its slopes vanish."""

import sympy as sp

from theory import symbols as s
from theory.functions.matrices import pinv
from theory.functions.rates import least as of_all
from theory.functions.stated import argmin
from theory.normalisation.letters import eps, gamma, shift
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import minima

KERNEL = Kernel((s.gamma, s.shift, s.eps))
BOTH = (gamma, shift)
BOWL = (1 + eps) * (gamma - eps) ** 2 + (shift - gamma) ** 2
AT = {gamma: eps, shift: eps}


def least(letter: sp.Symbol, value: sp.Expr, right: sp.Expr, at: dict) -> bool:
    rule = minima.least_of_quadratic(at=at)
    return rule.holds(KERNEL, argmin(letter, value, tuple(at)), right, "=")


def test_the_least_of_a_bowl() -> None:
    assert least(gamma, BOWL, eps, AT) and least(shift, BOWL, eps, AT)
    assert not least(gamma, BOWL, sp.Rational(21, 20) * eps, AT)
    assert not least(gamma, BOWL, eps, {**AT, shift: 2 * eps})


def test_what_has_no_single_least_place() -> None:
    assert not least(gamma, -BOWL, eps, AT)  # the largest
    assert not least(gamma, (gamma - eps) ** 2 - (shift - eps) ** 2, eps, AT)  # a saddle
    assert not least(gamma, (gamma - shift) ** 2, eps, AT)  # a valley
    assert not least(gamma, eps * (gamma - 1) ** 2 + shift**2, sp.S.One, {gamma: 1, shift: 0})
    assert not least(gamma, gamma**3 - 3 * gamma + shift**2, sp.S.One, {gamma: 1, shift: 0})


def test_the_least_of_squares() -> None:
    X, Y, W = s.X.symbol, s.Y.symbol, s.W.symbol
    kernel = Kernel((s.X, s.Y, s.W))
    loss, solved = (Y - X.T * W).T * (Y - X.T * W), pinv(X * X.T) * X * Y
    left = of_all(loss, (W,))
    right = Y.T * Y - Y.T * X.T * solved
    use = minima.least_of_squares(at=solved)
    assert use.holds(kernel, left, right, "=")
    assert not use.holds(kernel, left, sp.Rational(21, 20) * right, "=")
    assert not use.holds(kernel, of_all(-loss, (W,)), -right, "=")  # the largest
    assert not minima.least_of_squares(at=0 * W).holds(kernel, left, Y.T * Y, "=")
    assert not minima.least_of_squares(at=W).holds(kernel, left, loss, "=")
    cubed = W.T * X * X.T * W * W.T * X * Y
    assert not minima.least_of_squares(at=0 * W).holds(
        kernel, of_all(cubed, (W,)), sp.ZeroMatrix(1, 1), "="
    )
