"""The pseudo-inverse of a symmetric matrix in the kernel."""

from functools import reduce
from itertools import combinations, product
from operator import matmul, mul

import numpy as np
import pytest
import sympy as sp

from tests.close import rounded
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


@pytest.mark.parametrize("factor", [R, X])
def test_what_it_holds_equal_is_equal_in_floats(factor: sp.MatrixSymbol) -> None:
    """All products of up to four letters, two by two, against NumPy."""
    generator = np.random.default_rng(5)
    drawn = generator.normal(size=(3, 2))
    symmetric = factor if factor == R else factor * factor.T
    numbers = {symmetric: drawn @ drawn.T, pinv(symmetric): np.linalg.pinv(drawn @ drawn.T)}
    words = [w for size in (1, 2, 3, 4) for w in product(numbers, repeat=size)]
    values = {word: reduce(matmul, (numbers[letter] for letter in word)) for word in words}
    products = {word: reduce(mul, word) for word in words}
    equal = [(a, b) for a, b in combinations(words, 2) if KERNEL.same(products[a], products[b])]
    assert len(equal) > 30
    for a, b in equal:
        assert rounded(values[a], values[b], 1e6), (a, b)
    assert len(equal) == sum(  # and none that is equal is missed
        bool(rounded(values[a], values[b], 1e4)) for a, b in combinations(words, 2)
    )
