"""The mean over one letter, with the others held."""

import sympy as sp

from theory.functions.columns import inner, variance
from theory.functions.heads_of_chance import E
from theory.laws import Normal, gaussian_column, independent_entries
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import given

WRONG = sp.Rational(21, 20)
B = sp.Symbol("B", integer=True, positive=True)
y, d, w = (sp.MatrixSymbol(name, B, 1) for name in "ydw")
z = sp.Symbol("z", real=True)
KERNEL = Kernel(())
KERNEL.laws = {
    y: gaussian_column(sp.Identity(B)),
    d: independent_entries(B, sp.Integer(1), 3),
    z: Normal(0, 2),
    w: gaussian_column(z**2 * sp.Identity(B)),  # given z
}


def holds(letter: sp.Basic, left: sp.Expr, right: sp.Expr) -> bool:
    return given.mean_over(letter=letter).holds(KERNEL, left, right, "=")


def test_a_quadratic_form_with_the_rest_held() -> None:
    left, right = E(inner(y, d) ** 2 / variance(y)), E(3 * inner(y, y) / variance(y))
    assert holds(d, left, right)
    assert not holds(d, left, WRONG * right)
    assert not holds(d, left, E(WRONG * right.args[0]))
    assert not holds(d, left, E(3 * B / variance(y)))
    assert not holds(d, left, right.args[0])


def test_a_letter_that_is_not_independent_or_not_a_polynomial() -> None:
    assert not holds(z, E(z**2 * inner(w, w)), E(2 * inner(w, w)))  # w depends on z
    assert not holds(w, E(inner(w, w) * z**2), E(B * z**4))
    assert not holds(d, E(sp.exp(inner(y, d))), E(sp.exp(inner(y, y))))
    assert not holds(sp.Symbol("no_law"), E(z), E(z))
