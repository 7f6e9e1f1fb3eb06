"""The theorems of linear algebra at random matrices: both sides evaluated by SymPy."""

import random
from collections.abc import Callable

import pytest
import sympy as sp

from tests.close import below, rounded
from theory.proofs.theorems import linear_algebra as la
from theory.proofs.uses import Statement, Theorem

M, G = sp.MatrixSymbol("M", 3, 3), sp.MatrixSymbol("G", 2, 3)
x, y = (sp.MatrixSymbol(name, 3, 1) for name in "xy")


def draw(seed: int) -> dict:
    """Random letters: M symmetric, x and y of length 1 at a right angle."""
    numbers = random.Random(seed)

    def matrix(rows: int, columns: int) -> sp.Matrix:
        return sp.Matrix(rows, columns, lambda i, j: sp.Rational(numbers.randint(-9, 9), 4))

    square = matrix(3, 3)
    pair = sp.GramSchmidt([matrix(3, 1) + sp.eye(3)[:, i] * 20 for i in range(2)], True)
    return {M: square + square.T, G: matrix(2, 3), x: pair[0], y: pair[1]}


def value(expression: sp.Expr, letters: dict) -> sp.Float:
    """The value of an expression with these matrices for its letters."""
    fixed = {letter: sp.ImmutableMatrix(entries) for letter, entries in letters.items()}
    return sp.sympify(expression).xreplace(fixed).doit().evalf(20)


def holds(said: Statement, letters: dict) -> bool:
    left, right = (float(value(side, letters)) for side in (said.left, said.right))
    if said.relation == "=":
        return bool(rounded(left, right))
    return bool(below(left, right) if said.relation == "<=" else below(right, left))


STATEMENTS = {
    "largest_rayleigh_quotient": lambda: la.largest_rayleigh_quotient(M, 2 * x + y),
    "smallest_rayleigh_quotient": lambda: la.smallest_rayleigh_quotient(M, 2 * x - 3 * y),
    "norm_of_symmetric": lambda: la.norm_of_symmetric(M),
    "largest_of_grams": lambda: la.largest_of_grams(G),
    "smallest_in_a_plane": lambda: la.smallest_in_a_plane(M, x, y),
    "absolute_product": lambda: la.absolute_product(x - 2 * y, M * x),
}


@pytest.mark.parametrize("name", STATEMENTS)
@pytest.mark.parametrize("seed", range(4))
def test_a_theorem_holds_at_random_matrices(name: str, seed: int) -> None:
    assert holds(STATEMENTS[name]().statement(), draw(seed))


@pytest.mark.parametrize("name", STATEMENTS)
def test_its_statement_times_two_thirds_does_not(name: str) -> None:
    said = STATEMENTS[name]().statement()
    lower = sp.Rational(2, 3) if said.relation == "<=" else sp.Rational(3, 2)
    tight = {  # where the two sides are equal and positive
        M: sp.diag(3, 2, 2) if said.relation != "<=" else sp.diag(2, 2, 2),
        G: sp.Matrix([[1, 0, 0], [0, 1, 0]]),
        x: sp.Matrix([1, 0, 0]),
        y: sp.Matrix([0, 0, 0]) if "plane" not in name else sp.Matrix([0, 1, 0]),
    }
    if name == "smallest_rayleigh_quotient":
        tight[x] = sp.Matrix([0, 1, 0])
    wrong = Statement(said.left, lower * said.right, said.relation)
    assert holds(said, tight)
    assert not holds(wrong, tight)


def test_every_theorem_of_this_file_is_here() -> None:
    assert {name for name, each in vars(la).items() if isinstance(each, Theorem)} <= set(STATEMENTS)


def test_a_matrix_that_is_not_symmetric_breaks_the_norm() -> None:
    turning: Callable[[], Statement] = la.norm_of_symmetric(M).statement
    assert not holds(turning(), {M: sp.Matrix([[0, 2, 0], [0, 0, 0], [0, 0, 0]])})


def test_directions_that_are_not_at_a_right_angle_break_the_plane() -> None:
    letters = {M: sp.diag(1, 5, 5), x: sp.Matrix([0, 1, 0]), y: sp.Matrix([0, 1, 0])}
    assert not holds(la.smallest_in_a_plane(M, x, y).statement(), letters | {M: sp.diag(9, 5, 9)})
