"""The mean of a random matrix times a fixed one: what the rule accepts and refuses."""

from typing import Any

import sympy as sp

from theory import symbols as s
from theory.functions.heads_of_chance import means
from theory.functions.matrices import kron
from theory.laws import Entries
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.mean_matrices import mean_of_a_product

N = s.N.symbol
x = sp.MatrixSymbol("x", N, 1)
mu, Sigma, S = s.mu.symbol, s.Sigma.symbol, s.S.symbol
MORE = sp.Rational(21, 20)


def holds(matrix: Any, right: Any, fixed: Any = S) -> bool:
    kernel = Kernel((s.mu, s.Sigma, s.S))
    kernel.laws = {x: Entries(mu, Sigma, sp.Identity(1), gaussian=False)}
    use = mean_of_a_product()
    return use.holds(kernel, means(kron(matrix, fixed)), right, "=")


def test_the_mean_of_a_square() -> None:
    second = Sigma + mu * mu.T
    assert holds(x * x.T, kron(second, S))
    assert not holds(x * x.T, kron(MORE * second, S))
    assert not holds(x * x.T, kron(second, MORE * S))
    assert not holds(x * x.T, kron(Sigma, S))
    assert not holds(x * x.T, kron(mu * mu.T, S))


def test_the_mean_of_a_column() -> None:
    assert holds(x, kron(mu, S))
    assert not holds(x, kron(-mu, S))
    assert not holds(x, kron(x, S))


def test_the_other_factor_is_fixed() -> None:
    square = x * x.T
    assert not holds(square, kron(Sigma + mu * mu.T, square), fixed=square)
    assert not holds(square, kron(Sigma + mu * mu.T, mu * mu.T), fixed=square)
