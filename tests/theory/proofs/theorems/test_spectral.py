"""Theorems of the spectrum, at matrices that are drawn."""

import numpy as np
import pytest
import sympy as sp

from tests.close import rounded
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, nth_largest, smallest
from theory.functions.frames import eigenvector
from theory.proofs.theorems import spectral

P, d = sp.symbols("P d", integer=True, positive=True)
M, v, C = sp.MatrixSymbol("M", P, P), sp.MatrixSymbol("v", P, 1), sp.MatrixSymbol("C", P, d)
SEEDS = range(5)


def drawn(seed, size=5):
    random = np.random.default_rng(seed)
    raw = random.standard_normal((size, size))
    return raw + raw.T, random


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 1), (2, 3), (4, 4)])
def test_powers_are_sums_over_eigenvalues(seed, first, second):
    matrix, random = drawn(seed)
    start = random.standard_normal(len(matrix))
    values, vectors = np.linalg.eigh(matrix)
    weights = (vectors.T @ start) ** 2
    room = values[-1] - values[0]
    places = room / (values[1:-1] - values[0]) - 1
    said = spectral.powers_on_eigenvectors(M, v, first, second).statement()
    at_top, at_bottom, between, place, others = spectral.parts(M, v)
    read = said.right.subs(others, len(values) - 2).doit()
    numbers = {at_top: weights[-1], at_bottom: weights[0],
               largest(M): values[-1], smallest(M): values[0]}  # fmt: skip
    for j in range(len(values) - 2):
        numbers |= {between[j + 1]: weights[j + 1], place[j + 1]: places[j]}
    power = np.linalg.matrix_power
    left = (power(matrix, first) @ start) @ (power(matrix, second) @ start)
    assert rounded(left, float(read.subs(numbers)), condition=100)
    assert said.left == inner(
        spectral.raised(M, first) * v, spectral.raised(M, second) * v
    ) and said.equal == ((M, M.T),)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_eigenvalue_is_the_form_on_its_eigenvector(seed):
    matrix, _ = drawn(seed)
    values, vectors = np.linalg.eigh(matrix)
    for place in (1, 2, 5):
        x = vectors[:, -place]
        assert rounded(x @ matrix @ x, values[-place], size=np.abs(values).max())
        said = spectral.value_on_the_eigenvector(M, sp.Integer(place)).statement()
        assert said.nonnegative == (P - place,)  # there are as many
        unit = eigenvector(M, sp.Integer(place))
        assert said.left == (nth_largest(M, place) if place > 1 else largest(M))
        assert said.right == inner(unit, M * unit)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("columns", [1, 2, 4])
def test_some_direction_outside_bends_enough(seed, columns):
    matrix, random = drawn(seed)
    taken = random.standard_normal((len(matrix), columns))
    basis = np.linalg.svd(taken)[0][:, columns:]
    best = np.linalg.eigvalsh(basis.T @ matrix @ basis)[-1]
    values = np.linalg.eigvalsh(matrix)
    assert best >= values[-columns - 1] - 1e-12
    assert best <= values[-1] + 1e-12
    said = spectral.courant_fischer(M, C).statement()
    assert (said.relation, said.right) == (">=", nth_largest(M, d + 1))
    assert said.left == spectral.largest_bend(M, C)
    above = spectral.rayleigh_on_a_subspace(M, C).statement()
    assert (above.left, above.relation, above.right) == (largest(M), ">=", said.left)


def test_no_more_than_that_many_eigenvalues_are_sure():
    """The d-th largest is not reached where the columns are the leading eigenvectors."""
    matrix, _ = drawn(0)
    values, vectors = np.linalg.eigh(matrix)
    basis = vectors[:, :-2]
    assert np.linalg.eigvalsh(basis.T @ matrix @ basis)[-1] < values[-2]
