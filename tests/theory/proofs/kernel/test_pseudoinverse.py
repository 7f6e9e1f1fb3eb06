"""The pseudo-inverse of a symmetric matrix in the kernel."""

import sympy as sp

from theory import symbols as s
from theory.functions.matrices import pinv
from theory.proofs.kernel.decide import Kernel

KERNEL = Kernel((s.X, s.R))
X, R, p = s.X.symbol, s.R.symbol, s.p.symbol
GRAM = X * X.T / p


def test_it_is_symmetric_and_commutes() -> None:
    for matrix in (R, GRAM, 3 * R):
        inverse = pinv(matrix)
        assert KERNEL.same(inverse * matrix, matrix * inverse)
        assert KERNEL.same(inverse.T, inverse)
        assert KERNEL.same(matrix * matrix * inverse, matrix)
        assert KERNEL.same(inverse * inverse * matrix, inverse)
        assert KERNEL.same(inverse * matrix * inverse * matrix, matrix * inverse)
        assert not KERNEL.same(inverse * matrix, sp.Identity(s.N.symbol))
        assert not KERNEL.same(inverse * matrix, 2 * matrix * inverse)
        assert not KERNEL.same(inverse * inverse, inverse)


def test_what_it_leaves_of_a_factor() -> None:
    inverse = pinv(GRAM)
    assert KERNEL.same(GRAM * inverse * X, X)
    assert KERNEL.same(X.T * inverse * GRAM, X.T)
    assert KERNEL.same(X.T * GRAM * inverse, X.T)
    share = X.T * inverse * X / p
    assert KERNEL.same(share * share, share)
    assert not KERNEL.same(share, sp.Identity(p))
    assert not KERNEL.same(inverse * X, X)
    assert not KERNEL.same(R * inverse * X, X)


def test_one_that_is_not_symmetric_does_not_commute() -> None:
    size = s.N.symbol
    A = sp.MatrixSymbol("A", size, size)
    assert not KERNEL.same(pinv(A) * A, A * pinv(A))
    assert KERNEL.same(A * pinv(A) * A, A)
    assert not KERNEL.same(A * A * pinv(A), A)
