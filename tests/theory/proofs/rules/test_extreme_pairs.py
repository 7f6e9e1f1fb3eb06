"""Both extreme eigenvalues at their mean: what the rule accepts and refuses."""

from typing import Any

import numpy as np
import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.eigenvalues import largest, smallest
from theory.functions.matrices import det
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.extreme_pairs import with_both_extremes_at_their_mean
from theory.proofs.theorems import norms

C, N = s.Sigma.symbol, s.N.symbol
M = sp.MatrixSymbol("M", N, N)
PAIR = 4 * largest(C) * smallest(C) / (largest(C) + smallest(C)) ** 2
BOUND = PAIR * (sp.Trace(C) / N) ** N


def holds(left: Any, relation: str, right: Any, of: Any = M) -> bool:
    kernel = Kernel((s.Sigma,))
    kernel.images[smallest(C)] = sp.Symbol("low", positive=True)
    use = with_both_extremes_at_their_mean(by=norms.geometric_and_arithmetic_mean(of), of=of)
    return use.holds(kernel, left, right, relation)


def test_the_determinant_is_bounded_by_the_trace() -> None:
    assert holds(det(C), "<=", BOUND)
    assert holds(BOUND, ">=", det(C))


@pytest.mark.parametrize("factor", [sp.Rational(20, 21), sp.Rational(21, 20), largest(C)])
def test_other_bounds_are_refused(factor: Any) -> None:
    assert not holds(det(C), "<=", factor * BOUND)


def test_what_is_not_so_is_refused() -> None:
    assert not holds(det(C), ">=", BOUND)
    assert not holds(det(C), "=", BOUND)
    assert not holds(det(C), "<=", PAIR * BOUND)
    assert not holds(det(C), "<=", BOUND, of=C)  # of which more than its trace is known


@pytest.mark.parametrize("rows", [1, 2, 5])
def test_drawn_matrices(rows: int) -> None:
    for seed in range(5):
        drawn = np.random.default_rng(seed).normal(size=(rows, rows + 2))
        values = np.linalg.eigvalsh(drawn @ drawn.T)
        mean = (values[0] + values[-1]) / 2
        bound = values[0] * values[-1] / mean**2 * values.mean() ** rows
        assert values.prod() <= bound * (1 + 1e-12)
