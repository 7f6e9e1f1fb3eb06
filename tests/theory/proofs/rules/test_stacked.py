"""Jacobians and Hessians in stacked matrices: what the rules accept and refuse."""

from contextlib import suppress
from typing import Any

import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner, log_sum_exp
from theory.functions.constants import eye
from theory.functions.covariances import diagonal_part
from theory.functions.eigenvalues import largest
from theory.functions.heads import hess
from theory.functions.homogeneous import at_place
from theory.functions.matrices import khatri_rao, kron, trace, vec
from theory.functions.stated import jacobian
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.stacked import stacked_hessian, stacked_hessian_at, stacked_jacobian
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


def bends_at(place: Any, right: Any, loss: Any = None) -> bool:
    """Whether a loss of W x, softmax's where none is given, has this Hessian at a place."""
    x = s.u.symbol
    outputs = W * x
    value = loss if loss is not None else log_sum_exp(outputs) - inner(s.bl.symbol, outputs)
    left = at_place(hess(value, vec(W)), W, place)
    return stacked_hessian_at().holds(Kernel((s.Wl, s.bl, s.u)), left, right, "=")


def test_the_hessian_at_a_place() -> None:
    x, nowhere = s.u.symbol, sp.ZeroMatrix(n, N)
    at_zero = kron(x * x.T, (eye(n) - sp.OneMatrix(n, n) / n) / n)
    assert bends_at(nowhere, at_zero)
    assert not bends_at(nowhere, sp.Rational(21, 20) * at_zero)
    assert not bends_at(nowhere, kron(x * x.T, eye(n) / n))
    assert not bends_at(b * x.T, at_zero)  # there the classes are not equally probable


def test_a_quartic_bends_where_it_is_not_zero() -> None:
    x = s.u.symbol
    quartic = inner(W * x, W * x) ** 2 / 4
    assert bends_at(sp.ZeroMatrix(n, N), sp.ZeroMatrix(N * n, N * n), quartic)
    there = kron(x * x.T, inner(b, b) * eye(n) + 2 * b * b.T)
    assert bends_at(b * x.T, there, quartic)
    assert not bends_at(sp.ZeroMatrix(n, N), there, quartic)
