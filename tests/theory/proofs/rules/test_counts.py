"""Counts of entries and least squares: what the rules accept and refuse."""

from contextlib import suppress
from typing import Any

import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.columns import diagonal
from theory.functions.constants import eye
from theory.functions.covariances import nonzeros
from theory.functions.matrices import trace
from theory.functions.rates import least
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.counts import count_of_nonzeros
from theory.proofs.rules.squares import least_square

N, n, p, v = s.N.symbol, s.n.symbol, s.p.symbol, s.v.symbol
SCALES = s.T.within(kind="diagonal")
T, L, mu, Y = s.T.symbol, s.L.symbol, s.mu.symbol, sp.MatrixSymbol("Y", n, p)
z, squares = nonzeros(mu), T * T
X, U, D = s.X.symbol, sp.MatrixSymbol("U", n, N), s.D.symbol
corner = sp.BlockMatrix([[squares.I, T * mu], [mu.T, 2 * eye(1)]])


def counted(matrix: Any, count: Any) -> bool:
    return count_of_nonzeros().holds(Kernel((SCALES, s.L, s.mu, s.v)), nonzeros(matrix), count, "=")


TRUE = [
    (T, N),
    (-3 * T.I * mu, z),
    (mu.T * T, z),
    (squares + v * mu * mu.T, N + z * (z - 1)),
    (corner, N + 2 * z + 1),
    (sp.BlockMatrix([[sp.ZeroMatrix(N, N), mu], [0 * mu.T, 0 * eye(1)]]), z),
]
FALSE = [
    (L * mu, z),  # L mixes
    (T + mu * mu.T, N + z * (z - 1)),  # T may be negative: entries may cancel
    (squares - mu * mu.T, N + z * (z - 1)),
    (squares + T * mu * mu.T, N + z * (z - 1)),
    (L, N),
    (diagonal(mu), N),  # may have zeros
    (diagonal(mu) * diagonal(mu) + mu * mu.T, N + z * (z - 1)),
    (mu * mu.T, z),
    (sp.BlockMatrix([[T, mu], [mu.T, mu.T * mu]]), N + 2 * z + 1),  # mu'mu may be 0
]


@pytest.mark.parametrize("matrix, count", TRUE)
def test_counts(matrix: Any, count: Any) -> None:
    assert counted(matrix, count)
    assert not counted(matrix, sp.Rational(21, 20) * count)


@pytest.mark.parametrize("matrix, count", FALSE)
def test_what_is_not_counted_so(matrix: Any, count: Any) -> None:
    with suppress(NotImplementedError):  # refused, too
        assert not counted(matrix, count)


def test_counts_in_numbers() -> None:
    means = sp.Matrix([0, 2, -1, 0])
    whole = sp.diag(1, 2, 3, 4) + means * means.T
    assert nonzeros(sp.ImmutableMatrix(whole)).doit() == 4 + 2 * 1


def lowest(right: Any, **changes: Any) -> bool:
    """Of |D + U X|^2, where XX' = p I."""
    kernel = Kernel((s.X, s.D))
    kernel.rule((X, X.T), {(): p})
    parts = {"of": D + U * X, "scale": sp.Integer(1), "at": {U: -D * X.T / p}} | changes
    left = least(trace((D + U * X) * (D + U * X).T), (U,))
    return least_square(**parts).holds(kernel, left, right, "=")


def test_the_least_square() -> None:
    best = trace(D * (eye(p) - X.T * X / p) * D.T)
    assert lowest(best)
    assert not lowest(sp.Rational(21, 20) * best)
    assert not lowest(trace(D * D.T), at={U: 0 * U})  # not orthogonal there
    assert not lowest(best, at={U: D * X.T / p})
    assert not lowest(2 * best, scale=sp.Integer(2))
    assert not lowest(best, of=D + 2 * U * X)
    assert not lowest(best, at={U: U})
    assert not lowest(best, at={U: -D * X.T / p, Y: Y})
