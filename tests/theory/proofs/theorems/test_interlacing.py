"""Theorems on eigenvalues that interlace, at random matrices."""

import numpy as np
import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest
from theory.proofs.kernel.decide import Kernel
from theory.proofs.theorems import interlacing
from theory.proofs.uses import Statement

SIZE = 4
M, z, y = (
    sp.MatrixSymbol("M", SIZE, SIZE),
    sp.MatrixSymbol("z", SIZE, 1),
    sp.MatrixSymbol("y", SIZE, 1),
)
c = sp.Symbol("c", real=True)


def sides(
    said: Statement, seed: int, symmetric: bool = True, weight: int = 2
) -> tuple[float, float]:
    """Both sides at random matrices, by SymPy's own eigenvalues of them."""
    random = np.random.default_rng(seed)
    matrix = random.integers(-4, 5, (SIZE, SIZE))
    values = {
        M: matrix + matrix.T,
        z: random.integers(-3, 4, (SIZE, 1)),
        y: random.integers(-3, 4, (SIZE, 1)),
    }
    explicit = {letter: sp.ImmutableMatrix(value) for letter, value in values.items()}
    found = [
        float(sp.N(each.xreplace({c: sp.Integer(weight)}).xreplace(explicit).doit(), 20))
        for each in (said.left, said.right)
    ]
    return found[0], found[1]


@pytest.mark.parametrize("seed", range(6))
def test_a_square_added_moves_one_eigenvalue(seed: int) -> None:
    raised, own = sides(interlacing.second_of_rank_one_above(M, z).statement(), seed)
    assert raised >= own - 1e-9
    raised, own = sides(interlacing.second_of_rank_one_below(M, z).statement(), seed)
    assert raised <= own + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_forms_between_the_extreme_eigenvalues(seed: int) -> None:
    low, high = sides(interlacing.between_extreme_eigenvalues(M, z, c).statement(), seed)
    assert low <= high + 1e-9
    low, high = sides(interlacing.product_of_lengths(z, y, c).statement(), seed)
    assert low <= high + 1e-9
    low, high = sides(interlacing.product_of_lengths(z, z, c).statement(), seed, weight=-1)
    assert low >= high - 1e-9  # a negative weight turns it


def test_what_they_ask_for() -> None:
    R, u = s.R.symbol, s.u.symbol
    kernel = Kernel((s.R, s.u, s.X, s.v, s.m))
    use = interlacing.second_of_rank_one_below(R, u)
    said = use.statement()
    assert use.holds(kernel, said.left, said.right, "<=")
    assert use.holds(kernel, said.right, said.left, ">=")
    assert not use.holds(kernel, said.left, said.right, ">=")
    assert not use.holds(kernel, said.left, sp.Rational(21, 20) * said.right, "<=")
    plain = sp.MatrixSymbol("H", *R.shape)  # not said to be symmetric
    other = interlacing.second_of_rank_one_below(plain, u)
    assert not other.holds(kernel, other.statement().left, largest(plain), "<=")
    for weight, allowed in ((s.v.symbol, True), (s.m.symbol, False)):
        weighted = interlacing.between_extreme_eigenvalues(R, u, weight)
        left, right = weighted.statement().left, weighted.statement().right
        assert weighted.holds(kernel, left, right, "<=") is allowed
        lengths = interlacing.product_of_lengths(u, R * u, weight)
        root = sp.sqrt(inner(u, u) * inner(R * u, R * u))
        assert lengths.holds(kernel, weight * inner(u, R * u), weight * root, "<=") is allowed
