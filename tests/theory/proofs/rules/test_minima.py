"""A value is least where no move lowers it."""

import sympy as sp

from theory import symbols as s
from theory.functions.matrices import pinv
from theory.functions.rates import least as of_all
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import minima


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
