"""Rules of columns accept what is true and refuse what is not."""

import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner, largest_size, mean
from theory.functions.constants import ones
from theory.functions.eigenvalues import largest
from theory.functions.stated import jacobian
from theory.normalisation.jacobian import jacobian_matrix
from theory.normalisation.letters import OUTPUT, STANDARDISED, VARIANCE, B, eps, g, y
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import columns

WRONG = sp.Rational(21, 20)
ONE = ones(B, 1)
held = sp.Symbol("mu", real=True)


def kernel(*facts: sp.Basic) -> Kernel:
    made = Kernel((s.y, s.g, s.eps))
    made.facts = set(facts)
    return made


def test_a_jacobian() -> None:
    left, rule = jacobian(OUTPUT, y), columns.jacobian()
    assert rule.holds(kernel(), left, jacobian_matrix(), "=")
    assert not rule.holds(kernel(), left, WRONG * jacobian_matrix(), "=")
    assert not rule.holds(kernel(), left, sp.DiagMatrix(ONE) / sp.sqrt(VARIANCE + eps), "=")
    assert not rule.holds(kernel(), jacobian(y * inner(y, g), y), y * g.T, "=")  # and y'g I


def through_the_mean(values: tuple) -> sp.Basic:
    slopes = sp.Derivative(inner(g, y - held * ONE), held) * sp.Derivative(mean(y), y)
    return sp.Subs(slopes, (held,), values)


def test_a_path_reads_what_is_held_after_differentiation() -> None:
    rule, right = columns.path(), -mean(g) * ONE
    assert rule.holds(kernel(), through_the_mean((mean(y),)), right, "=")
    assert not rule.holds(kernel(), through_the_mean((mean(y),)), WRONG * right, "=")
    squared = sp.Subs(sp.Derivative(held * inner(g, y), y), (held,), (mean(y),))
    assert rule.holds(kernel(), squared, mean(y) * g, "=")
    assert not rule.holds(kernel(), squared, mean(y) * g + mean(g) * ONE, "=")
    assert not rule.holds(kernel(), sp.Derivative(inner(g, y), y), g, "=")


def test_the_largest_entry_is_that_of_an_axis() -> None:
    axis, other = (sp.MatrixSymbol(name, B, 1) for name in ("e_b", "x"))
    here, rule = kernel(), columns.reached()
    here.axis(axis)
    left = largest_size(STANDARDISED)
    assert rule.holds(here, left, sp.Abs(inner(axis, STANDARDISED)), "=")
    assert not rule.holds(here, left, WRONG * sp.Abs(inner(axis, STANDARDISED)), "=")
    assert not rule.holds(here, left, sp.Abs(WRONG * inner(axis, STANDARDISED)), "=")
    assert not rule.holds(here, left, sp.Abs(inner(other, STANDARDISED)), "=")
    assert not rule.holds(here, left, sp.Abs(inner(axis, y)), "=")


def test_the_largest_entry_and_the_mean_square() -> None:
    rule, left = columns.largest_and_mean(), largest_size(g)
    root = sp.sqrt(inner(g, g) / B)
    assert rule.holds(kernel(), left, root, ">=")
    assert not rule.holds(kernel(), left, WRONG * root, ">=")
    assert not rule.holds(kernel(), left, root, "<=")
    assert not rule.holds(kernel(), left, root, "=")


def test_the_largest_eigenvalue() -> None:
    left, right = largest(jacobian_matrix()), 1 / sp.sqrt(VARIANCE + eps)
    rule = columns.largest_eigenvalue(orthogonal=(ONE, STANDARDISED))
    assert rule.holds(kernel(B >= 3), left, right, "=")
    assert not rule.holds(kernel(), left, right, "=")  # of two examples nothing is orthogonal
    assert not rule.holds(kernel(B >= 3), left, WRONG * right, "=")
    assert not rule.holds(kernel(B >= 3), left, right / WRONG, "=")
    fewer = columns.largest_eigenvalue(orthogonal=(ONE,))
    assert not fewer.holds(kernel(B >= 3), left, right, "=")
    turned = largest(g * y.T)  # not symmetric
    assert not fewer.holds(kernel(B >= 3), turned, sp.Integer(0), "=")
