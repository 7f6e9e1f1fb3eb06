"""Block algebra proves what is true and nothing else; parts of a covariance mean the same twice."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from tests.close import rounded
from tests.strategies import matrices
from theory import symbols as s
from theory.domain import DomainError
from theory.formula import Formula
from theory.functions.constants import eye
from theory.functions.covariances import correlation, diagonal_part, largest_correlation, nonzeros
from theory.functions.matrices import det
from theory.proofs.blocks import blocks_equal, equal_blocks

n, N = s.n.symbol, s.N.symbol
A, B = (sp.MatrixSymbol(name, N, N) for name in "AB")
C, D = (sp.MatrixSymbol(name, n, n) for name in "CD")
x, y = sp.MatrixSymbol("x", N, 1), sp.MatrixSymbol("y", n, 1)
kron = sp.KroneckerProduct


def test_factors_multiply_each_on_its_side():
    assert blocks_equal(kron(A, C) * kron(B, D), kron(A * B, C * D))
    assert not blocks_equal(kron(A, C) * kron(B, D), kron(B * A, C * D))
    assert not blocks_equal(kron(A, C) * kron(B, D), kron(A * B, D * C))
    assert blocks_equal(kron(A, C).T * kron(x, y), kron(A.T * x, C.T * y))
    assert blocks_equal(2 * kron(A + B, C) - kron(B, 2 * C), kron(2 * A, C))


def test_blocks_multiply_like_entries():
    shear = sp.BlockMatrix([[eye(N), sp.ZeroMatrix(N, 1)], [x.T, eye(1)]])
    square = sp.BlockMatrix([[eye(N) + x * x.T, x], [x.T, eye(1)]])
    assert blocks_equal(shear.T * shear, square)
    assert not blocks_equal(shear * shear.T, square)
    assert not blocks_equal(shear.T * shear, sp.Rational(21, 20) * square)


def test_rules_hold_in_both_factors():
    rules = {A * B: eye(N), C * D: eye(n)}
    assert blocks_equal(kron(A, C) * kron(B, D), kron(eye(N), D.T * D), {**rules, D.T * D: eye(n)})
    assert not blocks_equal(kron(B, C) * kron(A, D), kron(eye(N), eye(n)), rules)


def test_the_step_is_of_any_size():
    step = equal_blocks("product", kron(A, C) * kron(A, C), kron(A * A, C * C))
    assert step.scope == "general"
    assert step.holds()
    assert not equal_blocks("product", kron(A, C) * kron(A, C), kron(A, C)).holds()


def test_a_block_matrix_evaluates_exactly_and_in_numpy():
    matrix = sp.BlockMatrix([[kron(A, eye(n)), kron(x, eye(n))], [kron(x.T, eye(n)), eye(n)]])
    parameters = (s.A, s.mu, s.n)
    formula = Formula(matrix.subs({A: s.A.symbol, x: s.mu.symbol}), parameters)
    values = {"A": [[2, 1], [1, 3]], "mu": [1, -2], "n": 2}
    found = np.array(formula.exact(20, **values), float)
    assert np.array_equal(found, formula(**values))
    assert np.array_equal(found[-2:, -2:], np.eye(2))


@given(data=st.data(), size=st.integers(1, 4))
def test_parts_of_a_covariance_mean_the_same_exactly_and_in_numpy(data, size):
    Sigma = data.draw(matrices(s.Sigma.domain, {"N": size}))
    rational = [[sp.Rational(entry) for entry in row] for row in Sigma.tolist()]
    letter = s.Sigma.symbol
    for function in (diagonal_part, correlation, largest_correlation, nonzeros, det):
        part = function(letter)
        formula = Formula(part, (s.Sigma,))
        exact = np.array(formula.exact(20, Sigma=rational), float)
        found = np.reshape(formula(Sigma=Sigma), exact.shape)
        assert rounded(found, exact, 1 + abs(exact), np.linalg.cond(Sigma))


def test_parts_of_a_covariance_by_hand():
    Sigma = [[4, -3], [-3, 9]]
    assert largest_correlation(sp.Matrix(Sigma)).doit() == sp.Rational(1, 2)
    assert largest_correlation(sp.Matrix([[4]])).doit() == 0
    assert nonzeros(sp.Matrix([[0, 1], [2, 0]])).doit() == 2
    assert correlation(sp.Matrix(Sigma)).doit()[0, 1] == -sp.Rational(1, 2)
    assert diagonal_part(sp.Matrix(Sigma)).doit() == sp.diag(4, 9)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("invertible", [[0, 1], [2, 0]], [[1, 2], [2, 4]]),
        ("diagonal", [[-3, 0], [0, 1e-9]], [[1, 1], [0, 1]]),
        ("diagonal", [[1, 0], [0, 2]], [[1, 0], [0, 0]]),
    ],
)
def test_invertible_and_diagonal_are_domains(kind, good, bad):
    parameter = s.T.within(kind=kind)
    formula = Formula(det(parameter.symbol), (parameter,))
    assert formula(T=good) != 0
    with pytest.raises(DomainError, match="T is an invertible"):
        formula(T=bad)


def test_a_failing_step_shows_its_blocks():
    shown = equal_blocks("Turned.", kron(A * B, C), kron(B * A, C)).compared().splitlines()
    assert shown == ["equal_blocks: Turned.", "  left:  1 A B (x) C", "  right: 1 B A (x) C"]
