"""Levels of a matrix: all of them, as often as they occur, and nothing else."""

import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.constants import eye, ones
from theory.functions.eigenvalues import largest, smallest
from theory.functions.levels import eigenvalue_of, multiplicity
from theory.functions.matrices import kron
from theory.proofs import covers
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import levels

N, M, lam = s.N.symbol, s.M.symbol, s.lam.symbol
mu = s.mu.symbol
A = eye(N) + ones(N, N)
C = eye(M) - ones(M, M) / M
ZERO, ONE = sp.Integer(0), sp.Integer(1)
TWO = levels.levels(values=(1 + N, ONE), counts=(ONE, N - 1))
PAIR = levels.levels(values=(1 + N, ONE, ZERO), counts=(M - 1, (N - 1) * (M - 1), N))
TIMES = sp.Rational(21, 20)


def holds(use, left, right, relation="="):
    kernel = Kernel((s.N, s.M.within(low=2), s.lam, s.mu))
    return use.holds(kernel, left, right, relation)


TRUE = (
    (TWO, largest(A), 1 + N),
    (TWO, multiplicity(A, ONE), N - 1),
    (TWO, multiplicity(A, 1 + N), ONE),
    (TWO, multiplicity(A, largest(A)), ONE),
    (PAIR, largest(kron(A, C)), 1 + N),
    (PAIR, smallest(kron(A, C)), ZERO),
    (PAIR, multiplicity(kron(A, C), ZERO), N),
    (PAIR, multiplicity(kron(A, C), largest(kron(A, C))), M - 1),
    (levels.levels(values=(lam, ZERO), counts=(M - 1, ONE)), multiplicity(lam * C, lam), M - 1),
)
FALSE = (
    (TWO, smallest(A), ONE),  # for N = 1 it does not occur
    (TWO, multiplicity(A, 2 + N), ONE),
    (TWO, largest(A), ONE),
    (levels.levels(values=(1 + N, ONE), counts=(N - 1, ONE)), multiplicity(A, ONE), ONE),
    (levels.levels(values=(1 + N, ONE), counts=(ONE, N)), multiplicity(A, ONE), N),
    (levels.levels(values=(1 + N,), counts=(N,)), multiplicity(A, 1 + N), N),
    (levels.levels(values=(1 + N, ONE, ONE), counts=(ONE, N - 2, ONE)), multiplicity(A, ONE), ONE),
    (levels.levels(values=(lam, ONE), counts=(M, ZERO)), multiplicity(lam * eye(M), lam), M),
    (levels.levels(values=(ONE, ZERO), counts=(M - 1, ONE)), largest(2 * C), ONE),
    # not symmetric: it has no eigenvalue but 0, which occurs twice
    (levels.levels(values=(ONE, ZERO), counts=(ONE, N - 1)),
     multiplicity(mu * ones(1, N) / N, ZERO), N - 1),
)  # fmt: skip


@pytest.mark.parametrize(("use", "left", "right"), TRUE)
def test_levels_are_counted(use, left, right):
    assert holds(use, left, right)
    assert not holds(use, left, TIMES * right if right != 0 else ONE)
    assert not holds(use, left, right, "<=")


@pytest.mark.parametrize(("use", "left", "right"), FALSE)
def test_what_is_no_level_is_not(use, left, right):
    assert not holds(use, left, right)


def test_an_eigenvector_has_its_eigenvalue():
    use, h = levels.eigenvalue(), sp.MatrixSymbol("h", N, 1)
    assert holds(use, eigenvalue_of(A, ones(N, 1)), 1 + N)
    assert holds(use, eigenvalue_of(A, N * h - ones(N, N) * h), ONE)
    assert not holds(use, eigenvalue_of(A, ones(N, 1)), TIMES * (1 + N))
    assert not holds(use, eigenvalue_of(A, h), ONE)
    assert not holds(use, eigenvalue_of(A, sp.ZeroMatrix(N, 1)), ONE)


def test_a_column_that_is_not_zero_is_a_length_times_a_direction():
    cover = covers.not_zero(mu)
    ((image,),) = (case.values() for case in cover.cases)
    inside = Kernel((s.mu, *cover.fresh)).within(cover.cases[0])
    assert inside.has_sign(sp.Trace(mu * mu.T), "is_positive")
    assert inside.same(mu, image)
    assert not inside.has_sign(sp.Trace(mu * ones(1, N)), "is_nonnegative")
    assert len(cover.needs) == 1
