"""Theorems about norms, sums and eigenvectors of matrices, at random instances."""

import numpy as np
import pytest
import sympy as sp

from tests.close import rounded
from theory.functions.stated import diagonalised
from theory.proofs.theorems import norms, spectra

F, G = sp.MatrixSymbol("F", 3, 4), sp.MatrixSymbol("G", 2, 4)
A, B = sp.MatrixSymbol("A", 4, 4), sp.MatrixSymbol("B", 4, 4)


def value(expression: sp.Expr, **matrices: np.ndarray) -> float:
    names = {x: sp.ImmutableMatrix(matrices[str(x)]) for x in expression.atoms(sp.MatrixSymbol)}
    return float(expression.xreplace(names).doit().evalf())


@pytest.mark.parametrize("seed", range(3))
def test_the_norm_of_a_product(seed: int) -> None:
    random = np.random.default_rng(seed)
    drawn = {"F": random.normal(size=(3, 4)), "G": random.normal(size=(2, 4))}
    said = norms.frobenius_norm_of_a_product(F, G).statement()
    assert said.relation == "<="
    left, right = value(said.left, **drawn), value(said.right, **drawn)
    assert rounded(left, np.linalg.norm(drawn["F"] @ drawn["G"].T))
    assert rounded(right, np.linalg.norm(drawn["F"]) * np.linalg.norm(drawn["G"]))
    assert left <= right


@pytest.mark.parametrize("seed", range(3))
def test_the_largest_of_a_sum(seed: int) -> None:
    random = np.random.default_rng(seed)
    drawn = {name: random.normal(size=(4, 4)) for name in "AB"}
    drawn = {name: each + each.T for name, each in drawn.items()}
    said = norms.largest_of_a_sum(A, B).statement()
    assert said.equal == ((A, A.T), (B, B.T)) and said.relation == "<="
    assert value(said.left, **drawn) <= value(said.right, **drawn)
    tops = [np.linalg.eigvalsh(each)[-1] for each in (drawn["A"] + drawn["B"], *drawn.values())]
    assert rounded(value(said.left, **drawn), tops[0])
    assert rounded(value(said.right, **drawn), tops[1] + tops[2])


def test_the_spectral_theorem() -> None:
    random = np.random.default_rng(5).normal(size=(4, 4))
    matrix = random + random.T
    values, vectors = np.linalg.eigh(matrix)
    assert rounded(vectors @ np.diag(values) @ vectors.T, matrix)
    said = spectra.spectral_theorem(A).statement()
    assert (said.left, said.right, said.equal) == (A, diagonalised(A), ((A, A.T),))


@pytest.mark.parametrize("rows", [1, 2, 4])
def test_the_geometric_and_the_arithmetic_mean(rows: int) -> None:
    M = sp.MatrixSymbol("M", rows, rows)
    said = norms.geometric_and_arithmetic_mean(M).statement()
    for seed in range(4):
        random = np.random.default_rng(seed).normal(size=(rows, rows + 1))
        drawn = {"M": random @ random.T}
        assert value(said.left, **drawn) <= value(said.right, **drawn) * (1 + 1e-12)
