"""Jacobians and Hessians in stacked matrices: what the rules accept and refuse."""

from contextlib import suppress
from typing import Any

import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.constants import eye
from theory.functions.covariances import diagonal_part
from theory.functions.eigenvalues import largest
from theory.functions.heads import hess
from theory.functions.matrices import khatri_rao, kron, trace, vec
from theory.functions.stated import jacobian
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.stacked import stacked_hessian, stacked_jacobian
from theory.proofs.uses import Use

N, n, p = s.N.symbol, s.n.symbol, s.p.symbol
W, b, A, S, X, D, L = (each.symbol for each in (s.Wl, s.bl, s.A, s.S, s.X, s.D, s.L))
BOTH = sp.BlockMatrix([[W, b]])
QUADRATIC = trace(S * W * A * W.T) / 2
PAIRS = khatri_rao(X, D)
SLOPES = trace(diagonal_part(D.T * W * X))


def holds(use: Use, left: Any, right: Any) -> bool:
    return use.holds(Kernel((s.Wl, s.bl, s.A, s.S, s.X, s.D, s.L)), left, right, "=")


TRUE = [
    (stacked_jacobian, jacobian(vec(S * W * L), vec(W)), kron(L.T, S)),
    (
        stacked_jacobian,
        jacobian(vec(sp.BlockMatrix([[S * W, 2 * b]])), vec(BOTH)),
        sp.BlockMatrix(
            [
                [kron(eye(N), S), sp.ZeroMatrix(N * n, n)],
                [sp.ZeroMatrix(n, N * n), 2 * eye(n)],
            ]
        ),
    ),
    (stacked_hessian, hess(QUADRATIC, vec(W)), kron(A, S)),
    (stacked_hessian, hess(trace(diagonal_part(D.T * W * X) ** 2) / 2, vec(W)), PAIRS * PAIRS.T),
]
FALSE = [
    (stacked_jacobian, jacobian(vec(S * W * L), vec(W)), kron(L, S)),
    (stacked_jacobian, jacobian(vec(W), vec(W)), kron(eye(N), S)),
    (stacked_hessian, hess(QUADRATIC, vec(W)), kron(S, A)),
    (stacked_hessian, hess(trace(W * L * W.T) / 2, vec(W)), kron(L, eye(n))),  # not symmetric
    (stacked_hessian, hess(largest(W.T * W), vec(W)), 0 * kron(A, S)),  # W is hidden
    (stacked_hessian, hess(trace(diagonal_part(D.T * W * X) ** 2), vec(W)), PAIRS * PAIRS.T),
    (stacked_hessian, hess(QUADRATIC, W), kron(A, S)),
    (
        stacked_hessian,
        hess(sp.sqrt(trace(diagonal_part(D.T * W * X))), vec(W)),
        0 * PAIRS * PAIRS.T,
    ),
]


@pytest.mark.parametrize("rule, left, right", TRUE)
def test_true(rule: Any, left: Any, right: Any) -> None:
    assert holds(rule(), left, right)
    assert not holds(rule(), left, sp.Rational(21, 20) * right)


@pytest.mark.parametrize("rule, left, right", FALSE)
def test_false(rule: Any, left: Any, right: Any) -> None:
    with suppress(NotImplementedError):  # refused, too
        assert not holds(rule(), left, right)
