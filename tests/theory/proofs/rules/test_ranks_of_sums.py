"""Rules of ranks bound from above, and from nowhere else."""

import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.constants import ones
from theory.functions.examples import added, over_examples
from theory.functions.stated import rank
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import ranks

P, B, M = s.P.symbol, s.B.symbol, s.M.symbol
J = sp.MatrixSymbol("J", M, P)
C = sp.Identity(M) - ones(M, M) / M
WHOLE = over_examples(J.T * C * J, B)
SUM = sp.Min(P, added(rank(J.T * C * J), B))
EACH = sp.Min(P, added(rank(C), B))
LAST = sp.Min(P, B * (M - 1))
COLUMN = ranks.rank_with_kernel(column=ones(M, 1))


def holds(use, left, right, relation="<="):
    return use.holds(Kernel((s.P, s.M)), left, right, relation)


TRUE = (
    (ranks.rank_of_sum(), rank(WHOLE), SUM),
    (ranks.rank_of_product(), SUM, EACH),
    (ranks.rank_of_product(), SUM, sp.Min(P, added(rank(J), B))),
    (ranks.rank_of_product(), rank(J * J.T), rank(J)),
    (COLUMN, EACH, LAST),
    (COLUMN, rank(C), M - 1),
    (COLUMN, 2 * rank(C) + 1, 2 * (M - 1) + 1),
)
FALSE = (
    (ranks.rank_of_sum(), rank(WHOLE), added(rank(J.T * C * J), B) / 2),
    (ranks.rank_of_sum(), rank(WHOLE), rank(J.T * C * J)),
    (ranks.rank_of_product(), rank(C), rank(J)),
    (ranks.rank_of_product(), rank(J + ones(M, P)), rank(J)),
    (ranks.rank_of_product(), -rank(J * J.T), -rank(J)),  # it falls
    (ranks.rank_of_product(), 1 / rank(J * J.T), 1 / rank(J)),
    (COLUMN, rank(C), M - 2),
    (COLUMN, -rank(C), 1 - M),
    (COLUMN, rank(sp.Identity(M)), M - 1),
    (COLUMN, rank(C * 2 - sp.Identity(M)), M - 1),
    (ranks.rank_with_kernel(column=sp.ZeroMatrix(M, 1)), rank(sp.Identity(M)), M - 1),
    (ranks.rank_with_kernel(column=0 * ones(M, 1)), rank(sp.Identity(M)), M - 1),
)


@pytest.mark.parametrize(("use", "left", "right"), TRUE)
def test_what_bounds_a_rank(use, left, right):
    assert holds(use, left, right)
    assert not holds(use, left, right, ">=")
    assert not holds(use, left, right, "=")
    assert not holds(use, left, sp.Rational(20, 21) * right)


@pytest.mark.parametrize(("use", "left", "right"), FALSE)
def test_what_does_not(use, left, right):
    assert not holds(use, left, right)
