"""The rule of determinants: what it accepts and refuses."""

from contextlib import suppress
from typing import Any

import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.constants import eye
from theory.functions.matrices import det, kron
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.determinants import determinant

N, n = s.N.symbol, s.n.symbol
A, S, L, T = s.A.symbol, s.S.symbol, s.L.symbol, s.T.symbol
corner = sp.MatrixSymbol("corner", n, N)
triangle = sp.BlockMatrix([[L, sp.ZeroMatrix(N, n)], [corner, S]])
full = sp.BlockMatrix([[L, corner.T], [corner, S]])


def holds(left: Any, right: Any) -> bool:
    return determinant().holds(Kernel((s.A, s.S, s.L, s.T)), left, right, "=")


TRUE = [
    (det(L.T * A * L), det(L) ** 2 * det(A)),
    (det(L * T * L.I), det(T)),
    (det(kron(A, S)), det(A) ** n * det(S) ** N),
    (det(triangle), det(L) * det(S)),
    (det(triangle.T), det(L) * det(S)),
    (det(3 * L), 3**N * det(L)),
]
FALSE = [
    (det(kron(A, S)), det(A) ** N * det(S) ** n),
    (det(full), det(L) * det(S)),
    (det(A + L), det(A) + det(L)),
    (det(3 * L), 3 * det(L)),
    (det(corner * corner.T), det(corner * eye(N) * corner.T) * 2),
]


@pytest.mark.parametrize("left, right", TRUE)
def test_true(left: Any, right: Any) -> None:
    assert holds(left, right)
    assert not holds(left, sp.Rational(21, 20) * right)


@pytest.mark.parametrize("left, right", FALSE)
def test_false(left: Any, right: Any) -> None:
    with suppress(NotImplementedError):  # refused, too
        assert not holds(left, right)


def test_true_in_numbers() -> None:
    random = sp.Matrix(2, 2, [1, 2, 5, 7]), sp.Matrix(3, 3, [2, 0, 1, 1, 3, 1, 4, 1, 1])
    double = sp.kronecker_product(*random)
    assert double.det() == random[0].det() ** 3 * random[1].det() ** 2
