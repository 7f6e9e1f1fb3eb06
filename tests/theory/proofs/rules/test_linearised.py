"""The Jacobian of a step along the gradient."""

import sympy as sp

from theory import symbols as s
from theory.functions.heads import grad, smooth
from theory.functions.stated import jacobian
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import linearised

KERNEL = Kernel((s.Hess, s.eta))
Hess, eta, P = s.Hess.symbol, s.eta.symbol, s.P.symbol
place, g = (sp.MatrixSymbol(name, P, 1) for name in ("theta", "g"))
LOSS = smooth(place, g, Hess)
WRONG = sp.Rational(21, 20)
ONE = sp.Identity(P)


def holds(step: sp.MatrixExpr, matrix: sp.MatrixExpr, right: sp.MatrixExpr) -> bool:
    use = linearised.hessian_for_gradient(matrix=matrix)
    return use.holds(KERNEL, jacobian(step, place), right, "=")


def test_the_hessian_stands_where_the_gradient_does() -> None:
    step, matrix = place - eta * grad(LOSS, place), ONE - eta * Hess
    assert holds(step, matrix, matrix)
    assert not holds(step, matrix, WRONG * matrix)
    assert not holds(step, WRONG * matrix, WRONG * matrix)
    assert not holds(step, ONE + eta * Hess, ONE + eta * Hess)
    assert not holds(step, ONE, ONE)
    twice = Hess * (ONE - eta * Hess)
    assert holds(Hess * step, twice, twice)


def test_a_hessian_that_moves_is_none() -> None:
    moving = smooth(place, g, place * place.T)
    matrix = ONE - eta * place * place.T
    assert not holds(place - eta * grad(moving, place), matrix, matrix)
    elsewhere = smooth(2 * place, g, Hess)  # its gradient in the place is another
    matrix = ONE - eta * Hess
    assert not holds(place - eta * grad(elsewhere, place), matrix, matrix)
