"""The matrix of means of a random matrix: what it is, and what it is not."""

from contextlib import suppress

import numpy as np
import pytest
import sympy as sp

from tests.close import sampled
from theory.functions.covariances import diagonal_part
from theory.functions.eigenvalues import largest
from theory.functions.heads_of_chance import E, means
from theory.laws import Entries, independent_entries
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import chance

N, p = sp.symbols("N p", integer=True, positive=True)
m, v = sp.symbols("m v", positive=True)
X, Y = sp.MatrixSymbol("X", N, p), sp.MatrixSymbol("Y", N, N)
C = sp.MatrixSymbol("C", N, N)
unit, ones = sp.Identity(N), sp.OneMatrix(N, N)
POPULATION = v * unit + m**2 * ones


@pytest.fixture
def kernel() -> Kernel:
    made = Kernel(())
    made.laws = {
        X: independent_entries(N, p, v, m),
        Y: Entries(0 * Y, C - diagonal_part(C) + v * unit, unit),
    }
    return made


def test_second_moments_of_data(kernel: Kernel) -> None:
    use, left = chance.matrix_of_means(is_=POPULATION), largest(means(X * X.T / p))
    assert use.holds(kernel, left, largest(POPULATION), "=")
    assert not use.holds(kernel, left, sp.Rational(21, 20) * largest(POPULATION), "=")
    drawn = np.random.default_rng(1).exponential(size=(20_000, 3, 4)) * 0.5 + 0.2
    found = (drawn @ drawn.transpose(0, 2, 1)) / 4
    assert sampled(found, 0.25 * np.eye(3) + 0.49)  # v = .25, m = .7


@pytest.mark.parametrize(
    ("matrix", "is_"),
    (
        (X * X.T / p, v * unit),  # the mean is forgotten
        (X * X.T, POPULATION),
        (X * X.T / p, X * X.T / p),  # a random matrix is not its mean
        (X.T * X / N, POPULATION),  # another size
        (X * X.T * X * X.T / p**2, POPULATION**2),  # the mean of a square
    ),
)
def test_false_means_are_refused(kernel: Kernel, matrix: sp.MatrixExpr, is_: sp.MatrixExpr) -> None:
    use, left, right = chance.matrix_of_means(is_=is_), largest(means(matrix)), largest(is_)
    with suppress(NotImplementedError):  # moments that the law does not tell
        assert not use.holds(kernel, left, right, "=")


def test_a_trace_does_not_see_covariances(kernel: Kernel) -> None:
    use, left = chance.expectation(), E(sp.Trace(Y * Y.T))
    assert use.holds(kernel, left, v * N**2, "=")
    assert not use.holds(kernel, left, v * N, "=")
    kernel.laws = {Y: Entries(0 * Y, C, unit)}  # of any variances
    assert not use.holds(kernel, left, v * N**2, "=")
