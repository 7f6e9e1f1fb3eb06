"""Theorems about projectors, at random instances."""

import numpy as np
import pytest
import sympy as sp

from tests.close import rounded
from theory.proofs.theorems import projectors

M = sp.MatrixSymbol("M", 5, 5)
scale = sp.Symbol("c", real=True)


@pytest.mark.parametrize("kept", [1, 2, 4])
def test_the_rank_of_a_projector_is_its_trace(kept: int) -> None:
    generator = np.random.default_rng(kept)
    first, second = generator.normal(size=(2, 5, kept))
    projector = first @ np.linalg.inv(second.T @ first) @ second.T  # oblique
    said = projectors.rank_of_a_projector(M, scale).statement()
    ((square, same),) = said.equal
    assert square == M * M and same == M and said.positive == (scale**2,)
    assert rounded(projector @ projector, projector)
    assert np.linalg.matrix_rank(-0.7 * projector) == round(np.trace(projector)) == kept
    assert said.left.args[0] == scale * M and said.right == sp.Trace(M)


def test_what_is_no_projector_has_another_rank() -> None:
    matrix = np.diag([2.0, 1.0, 0.0, 0.0, 0.0])
    assert np.linalg.matrix_rank(matrix) != np.trace(matrix)
