"""Theorems of the spectrum of a symmetric matrix: its powers, its eigenvectors, its subspaces."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, nth_largest, smallest
from theory.functions.frames import eigenvector
from theory.functions.heads import sup
from theory.proofs.uses import Statement, theorem


@theorem(cite("hornjohnson2013", "theorem 2.5.6"))
def powers_on_eigenvectors(matrix: Any, column: Any, first: Any, second: Any) -> Statement:
    """On its eigenvectors a symmetric M has (M^m v)'(M^n v) = sum_i w_i lam_i^(m + n), with w_i the
    squared length of the part of v in the eigenspace of lam_i.

    The eigenvalues are the largest, the smallest, and any number of others between both.
    """
    if not all(sp.sympify(m).is_integer and sp.sympify(m).is_nonnegative for m in (first, second)):
        raise TypeError(f"{first} or {second} is no whole power")
    power = first + second
    i = sp.Symbol("i", integer=True)
    if sp.sympify(power).has(i):
        raise ValueError(f"{i} counts eigenvalues, and means something besides")
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
        nonnegative=(matrix.shape[0] - place,),
    )


@theorem(cite("hornjohnson2013", "theorem 4.2.2"))
def rayleigh_on_a_subspace(matrix: Any, columns: Any) -> Statement:
    """The largest eigenvalue of a symmetric M is at least x'Mx for all x of length 1 with C'x = 0.

    Where there is no such x, the supremum is minus infinity.
    """
    bend = largest_bend(matrix, columns)
    return Statement(largest(matrix), bend, ">=", equal=((matrix, matrix.T),))


@theorem(cite("hornjohnson2013", "theorem 4.2.6"))
def courant_fischer(matrix: Any, columns: Any) -> Statement:
    """Of a symmetric M and d columns C the supremum of x'Mx over all x of length 1 with C'x = 0 is
    at least lam_(d+1), the (d + 1)-th largest eigenvalue.

    Where M has no more than d eigenvalues, the (d + 1)-th is minus infinity.
    """
    place = columns.shape[1] + 1
    bend = largest_bend(matrix, columns)
    return Statement(bend, nth_largest(matrix, place), ">=", equal=((matrix, matrix.T),))


def largest_bend(matrix: Any, columns: Any) -> Any:
    """The supremum of x'Mx over all x of length 1 that are orthogonal to given columns."""
    x = sp.MatrixSymbol("x", matrix.shape[0], 1)
    outside = columns.T * x
    conditions = sp.Eq(inner(x, x), 1), sp.Eq(inner(outside, outside), 0)
    return sup(inner(x, matrix * x), x, *conditions)
