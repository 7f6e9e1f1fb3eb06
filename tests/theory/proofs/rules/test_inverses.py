"""The rule of an inverse times a column."""

import sympy as sp

from theory.functions.columns import inner
from theory.functions.directions import direction
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import inverses

MORE = sp.Rational(21, 20)
N = sp.Symbol("N", integer=True, positive=True)
a, b = sp.symbols("a b", positive=True)
w = direction("w", N)
d = direction("d", N, w)
M = a * w * w.T + b * sp.Identity(N)


def test_an_eigenvector_of_the_inverse() -> None:
    left = inner(w, sp.Inverse(M) * (3 * w))
    rule = inverses.solved(matrix=M, column=w, is_=w / (a + b))
    assert rule.holds(Kernel(()), left, 3 / (a + b), "=")
    assert not rule.holds(Kernel(()), left, 3 * MORE / (a + b), "=")
    false = inverses.solved(matrix=M, column=w, is_=MORE * w / (a + b))
    assert not false.holds(Kernel(()), left, 3 * MORE / (a + b), "=")


def test_another_column_has_another_factor() -> None:
    left = inner(d, sp.Inverse(M) * d)
    assert inverses.solved(matrix=M, column=d, is_=d / b).holds(Kernel(()), left, 1 / b, "=")
    other = inverses.solved(matrix=M, column=w, is_=w / (a + b))
    assert not other.holds(Kernel(()), left, 1 / (a + b), "=")  # it does not stand there
