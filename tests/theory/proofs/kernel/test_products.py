"""Kronecker products, stacked columns, blocks, diagonals and pseudoinverses in the kernel."""

import numpy as np
import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.columns import diagonal, inner
from theory.functions.constants import eye
from theory.functions.covariances import diagonal_part
from theory.functions.matrices import centred, khatri_rao, kron, pinv, squares, stack, trace, vec
from theory.proofs.kernel.decide import Kernel

N, n, p = s.N.symbol, s.n.symbol, s.p.symbol
A, S, L, T, u = s.A.symbol, s.S.symbol, s.L.symbol, s.T.symbol, s.u.symbol
X, D, mu, W, h = s.X.symbol, s.D.symbol, s.mu.symbol, s.Wl.symbol, s.bl.symbol
SCALES = s.T.within(kind="diagonal")


def kernel() -> Kernel:
    return Kernel((s.A, s.S, s.L, s.u, s.X, s.D, s.mu, s.Wl, s.bl, SCALES))


row = sp.BlockMatrix([[W * L, h + W * mu]])
moved = sp.BlockMatrix([[kron(L.T, eye(n)), sp.ZeroMatrix(N * n, n)], [kron(mu.T, eye(n)), eye(n)]])
back = sp.BlockMatrix(
    [[kron(L.T.I, eye(n)), sp.ZeroMatrix(N * n, n)], [-kron(mu.T * L.T.I, eye(n)), eye(n)]]
)
low, high = squares(X.T * X), squares(D.T * D)
block = khatri_rao(X, D) * khatri_rao(X, D).T / p

TRUE = [
    (kron(A, S) * kron(L, S), kron(A * L, S * S)),
    (kron(A, S) * kron(mu, h), kron(A * mu, S * h)),
    (kron(mu, eye(n)) * S, kron(mu, S)),
    (S * kron(mu.T, eye(n)), kron(mu.T, S)),
    (kron(mu, h.T), mu * h.T),
    (kron(mu.T, h), h * mu.T),
    (kron(eye(N), eye(n)) * vec(W), vec(W)),
    (kron(A, S) * vec(W), vec(S * W * A)),
    (vec(h * mu.T), kron(mu, h)),
    (kron(L, S).inverse() * vec(W), vec(S.inverse() * W * L.T.inverse())),
    (kron(L, S).T, kron(L.T, S)),
    (trace(kron(A, S)), trace(A) * trace(S)),
    (inner(vec(W), vec(W)), trace(W * W.T)),
    (moved * vec(sp.BlockMatrix([[W, h]])), vec(row)),
    (back * moved, eye(N * n + n)),
    (diagonal(kron(mu, h)), kron(diagonal(mu), diagonal(h))),
    (
        diagonal(stack(mu, h)),
        sp.BlockMatrix([[diagonal(mu), sp.ZeroMatrix(N, n)], [sp.ZeroMatrix(n, N), diagonal(h)]]),
    ),
    (diagonal_part(T * A * T), T * diagonal_part(A) * T),
    (diagonal_part(L.T * A), diagonal_part(A * L)),
    (pinv(3 * u), u.T / 3),
    (mu * pinv(mu) * mu, mu),
    (pinv(L * X) * L * X * pinv(L * X), pinv(L * X)),
    ((mu * pinv(mu)).T, mu * pinv(mu)),
    (p * trace(block), trace(khatri_rao(X, D).T * khatri_rao(X, D))),
    (trace(centred(low) * high), trace(low * centred(high))),
]
FALSE = [
    (kron(A, S) * kron(L, S), kron(L * A, S * S)),
    (kron(A, L), kron(L, A)),
    (kron(mu, eye(n)) * S, kron(mu, S.T * S)),
    (kron(L, S) * vec(W), vec(S * W * L)),
    (vec(h * mu.T), kron(h, mu)),
    (kron(L, S).inverse(), kron(S.inverse(), L.inverse())),
    (trace(kron(A, S)), trace(A) + trace(S)),
    (inner(vec(W), vec(W)), 2 * trace(W * W.T)),
    (moved * vec(sp.BlockMatrix([[W, h]])), vec(sp.BlockMatrix([[W * L, h]]))),
    (moved * moved, eye(N * n + n)),
    (diagonal(kron(mu, h)), kron(diagonal(h), diagonal(mu))),
    (diagonal_part(L * A * L), L * diagonal_part(A) * L),
    (diagonal_part(A * L), diagonal_part(A) * diagonal_part(L)),
    (pinv(3 * u), 3 * u.T),
    (pinv(mu), mu.T),
    (mu * pinv(mu), eye(N)),
    (trace(centred(low) * centred(high)), trace(low * high)),
]


@pytest.mark.parametrize("left, right", TRUE)
def test_true(left: sp.Expr, right: sp.Expr) -> None:
    assert kernel().same(left, right)
    assert kernel().same(right, left)
    assert not kernel().same(left, sp.Rational(21, 20) * right)


@pytest.mark.parametrize("left, right", FALSE)
def test_false(left: sp.Expr, right: sp.Expr) -> None:
    assert not kernel().same(left, right)


VALUES = {"A": (2, 2), "S": (3, 3), "L": (2, 2), "X": (2, 4), "D": (3, 4), "mu": (2, 1)}
VALUES |= {"Wl": (3, 2), "bl": (3, 1), "T": (2, 2), "u": (2, 1)}


@pytest.mark.parametrize("left, right", TRUE)
def test_true_in_numbers(left: sp.Expr, right: sp.Expr) -> None:
    """By SymPy, at N = 2, n = 3 and p = 4."""
    random = np.random.default_rng(3)
    values = {}
    for name, shape in VALUES.items():
        drawn = sp.Matrix(*shape, lambda i, j: sp.Rational(int(random.integers(1, 9)), 4))
        if name in ("A", "S"):
            drawn = drawn * drawn.T
        if name == "T":
            drawn = sp.diag(*drawn.diagonal())
        values[name] = sp.ImmutableMatrix(sp.Matrix([3, 4]) / 5 if name == "u" else drawn)
    sizes = {N: 2, n: 3, p: 4}
    placed = [sp.sympify(side).subs(sizes) for side in (left, right)]
    both = []
    for side in placed:
        letters = {each: values[str(each)] for each in side.atoms(sp.MatrixSymbol)}
        done = side.xreplace(letters).doit()
        both.append(sp.Matrix(done.as_explicit()) if done.is_Matrix else done)
    assert sp.simplify(both[0] - both[1]) == 0 * both[0]
