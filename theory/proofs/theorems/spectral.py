"""Theorems of the spectrum of a symmetric matrix: its powers, its eigenvectors, its subspaces."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, nth_largest, smallest
from theory.functions.frames import bending, eigenvector
from theory.proofs.uses import Statement, theorem


@theorem(cite("hornjohnson2013", "theorem 2.5.6"))
def powers_on_eigenvectors(matrix: Any, column: Any, first: Any, second: Any) -> Statement:
    """On its eigenvectors a symmetric M has (M^m v)'(M^n v) = sum_i w_i lam_i^(m + n), with w_i the
    squared length of the part of v in the eigenspace of lam_i.

    The eigenvalues are the largest, the smallest, and any number of others between both.
    """
    power = first + second
    i = sp.Symbol("i", integer=True)
    at_top, at_bottom, between, place, others = parts(matrix, column)
    top, bottom = largest(matrix), smallest(matrix)
    middle = bottom + (top - bottom) / (1 + place[i])
    return Statement(
        inner(raised(matrix, first) * column, raised(matrix, second) * column),
        at_top * top**power
        + at_bottom * bottom**power
        + sp.Sum(between[i] * middle**power, (i, 1, others)),
        equal=((matrix, matrix.T),),
    )


def parts(matrix: Any, column: Any) -> tuple[Any, Any, Any, Any, Any]:
    """The squared lengths of a column's parts in the eigenspaces of the largest eigenvalue, of the
    smallest and of those between, the places of these, and how many there are."""
    name = f"{column}, {matrix}"
    return (
        sp.Symbol(f"w_max({name})", nonnegative=True),
        sp.Symbol(f"w_min({name})", nonnegative=True),
        sp.IndexedBase(f"w({name})", nonnegative=True),
        sp.IndexedBase(f"q({name})", positive=True),
        sp.Symbol(f"r({name})", integer=True, nonnegative=True),
    )


def raised(matrix: Any, power: Any) -> Any:
    """A power of a matrix; the first is the matrix."""
    return matrix if power == 1 else sp.MatPow(matrix, power)


@theorem(cite("hornjohnson2013", "theorem 2.5.6"))
def value_on_the_eigenvector(matrix: Any, place: Any) -> Statement:
    """An eigenvalue of a symmetric M is x'Mx on its eigenvector x of length 1."""
    x = eigenvector(matrix, place)
    return Statement(
        nth_largest(matrix, place) if place != 1 else largest(matrix),
        inner(x, matrix * x),
        equal=((matrix, matrix.T),),
    )


@theorem(cite("hornjohnson2013", "theorem 4.2.6"))
def courant_fischer(matrix: Any, columns: Any) -> Statement:
    """Of a symmetric M with d columns C some x of length 1 with C'x = 0 has x'Mx >= lam_(d+1), the
    (d + 1)-th largest eigenvalue.

    Where M has no more than d eigenvalues, the (d + 1)-th is minus infinity, and nothing is said.
    """
    x = bending(matrix, columns)
    return Statement(
        inner(x, matrix * x),
        nth_largest(matrix, columns.shape[1] + 1),
        ">=",
        equal=((matrix, matrix.T),),
    )
