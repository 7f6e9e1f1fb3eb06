"""The rule of an inverse times a column."""

import sympy as sp

from theory import symbols as s
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


L, mu = s.L.symbol, s.mu.symbol
SHEAR = sp.BlockMatrix([[L, sp.ZeroMatrix(L.shape[0], 1)], [mu.T, sp.Identity(1)]])
BACK = sp.BlockMatrix([[L.I, sp.ZeroMatrix(L.shape[0], 1)], [-mu.T * L.I, sp.Identity(1)]])


def is_written_out(back: sp.MatrixExpr, right: sp.MatrixExpr) -> bool:
    kernel = Kernel((s.L, s.mu))
    left = sp.MatMul(sp.Inverse(SHEAR), sp.Transpose(sp.Inverse(SHEAR)))
    return inverses.written_out(matrix=SHEAR, is_=back).holds(kernel, left, right, "=")


def test_an_inverse_is_written_out() -> None:
    assert is_written_out(BACK, sp.MatMul(BACK, BACK.T))
    assert not is_written_out(BACK, sp.Rational(21, 20) * sp.MatMul(BACK, BACK.T))
    turned = BACK.subs(mu, -mu)
    assert not is_written_out(turned, sp.MatMul(turned, turned.T))
    assert not is_written_out(SHEAR, sp.MatMul(SHEAR, SHEAR.T))


def test_an_inverse_from_one_side_is_refused() -> None:
    X = s.X.symbol
    left = sp.Inverse(X.T * X) * X.T
    use = inverses.written_out(matrix=X.T * X, is_=X.T * X)
    assert not use.holds(Kernel((s.X,)), left, X.T * X * X.T, "=")
