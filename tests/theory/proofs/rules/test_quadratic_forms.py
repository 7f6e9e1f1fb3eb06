"""Quadratic forms lie between the extreme eigenvalues."""

import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, smallest
from theory.functions.stated import diagonalised
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import quadratic_forms

KERNEL = Kernel((s.R, s.W, s.T, s.d))
R, W, T, d = s.R.symbol, s.W.symbol, s.T.symbol, s.d.symbol
USE = quadratic_forms.mean_of_eigenvalues()
WRONG = sp.Rational(21, 20)


def form(matrix: sp.MatrixExpr, right: sp.MatrixExpr = W) -> sp.MatrixExpr:
    return W.T * diagonalised(matrix) * right


def test_a_mean_of_the_eigenvalues() -> None:
    low, high = smallest(R) * inner(W, W), largest(R) * inner(W, W)
    assert USE.holds(KERNEL, form(R), low, ">=")
    assert USE.holds(KERNEL, form(R), high, "<=")
    assert not USE.holds(KERNEL, form(R), low, "<=")
    assert not USE.holds(KERNEL, form(R), high, ">=")
    assert not USE.holds(KERNEL, form(R), high, "=")
    assert not USE.holds(KERNEL, form(R), WRONG * low, ">=")
    assert not USE.holds(KERNEL, form(R), WRONG * high, "<=")


def test_what_is_no_quadratic_form() -> None:
    high = largest(R) * inner(W, W)
    assert not USE.holds(KERNEL, form(R, d), high, "<=")  # of two columns
    assert not USE.holds(KERNEL, 2 * form(R), high, "<=")
    assert not USE.holds(KERNEL, form(R) + form(R), high, "<=")
    assert not USE.holds(KERNEL, form(T), largest(T) * inner(W, W), "<=")  # not symmetric
