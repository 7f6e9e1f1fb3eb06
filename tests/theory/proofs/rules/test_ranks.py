"""Ranks: what the rule and the theorems accept and refuse."""

import numpy as np
import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.stated import rank, with_density
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.ranks import full_rank
from theory.proofs.theorems import ranks

N, n, M = s.N.symbol, s.n.symbol, s.M.symbol
L, mu = s.L.symbol, s.mu.symbol
F = sp.MatrixSymbol("F", N, n)


def holds(left: sp.Expr, right: sp.Expr, of: sp.Expr, back: sp.Expr) -> bool:
    kernel = Kernel((s.L, s.mu))
    kernel.rule((F.T, F), {(): sp.Integer(1)})
    return full_rank(of=of, back=back).holds(kernel, left, right, "=")


def test_columns_that_a_matrix_takes_back() -> None:
    assert holds(rank(L * F), n, L * F, F.T * L.I)
    assert holds(sp.Min(M, rank(F)), sp.Min(M, n), F, F.T)
    assert not holds(rank(L * F), sp.Rational(21, 20) * n, L * F, F.T * L.I)
    assert not holds(rank(L * F), N, L * F, F.T * L.I)
    assert not holds(rank(L * F), n, L * F, F.T)
    assert not holds(rank(F), n, L * F, F.T * L.I)  # nothing of the rank of LF is asked
    assert not holds(rank(F.T), N, F.T, F)  # FF' is no identity


@pytest.mark.parametrize("rows, columns, kept", [(4, 3, 2), (3, 5, 3), (2, 2, 1)])
def test_theorems_in_numbers(rows: int, columns: int, kept: int) -> None:
    random = np.random.default_rng(rows)
    drawn = random.normal(size=(rows, columns))
    factor = random.normal(size=(rows, kept)) @ random.normal(size=(kept, 4))
    sizes = {"J": drawn, "K": factor}
    J, K = with_density("J", rows, columns), sp.MatrixSymbol("K", rows, 4)
    square = ranks.rank_of_a_square(K).statement()
    assert (square.left, square.right) == (rank(K.T * K), rank(K))
    assert np.linalg.matrix_rank(factor.T @ factor) == np.linalg.matrix_rank(factor)
    said = ranks.rank_with_density(J, K).statement()
    assert (said.left, said.right) == (rank(K.T * J), sp.Min(columns, rank(K)))
    found = np.linalg.matrix_rank(sizes["K"].T @ sizes["J"])
    assert found == min(columns, np.linalg.matrix_rank(factor))


def test_a_matrix_without_a_density() -> None:
    with pytest.raises(TypeError, match="density"):
        ranks.rank_with_density(L, L).statement()
