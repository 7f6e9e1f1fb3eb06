"""Theorems of linear algebra: eigenvalues, quadratic forms, inequalities of columns."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.columns import inner, length
from theory.functions.eigenvalues import largest, smallest
from theory.proofs.uses import Statement, theorem


@theorem(cite("hornjohnson2013", "theorem 4.2.2"))
def largest_rayleigh_quotient(matrix: Any, column: Any) -> Statement:
    """A symmetric M has x'Mx <= lambda_max x'x."""
    return Statement(
        inner(column, matrix * column),
        largest(matrix) * inner(column, column),
        "<=",
        equal=((matrix, matrix.T),),
    )


@theorem(cite("hornjohnson2013", "theorem 4.2.2"))
def smallest_rayleigh_quotient(matrix: Any, column: Any) -> Statement:
    """A symmetric M has x'Mx >= lambda_min x'x."""
    return Statement(
        inner(column, matrix * column),
        smallest(matrix) * inner(column, column),
        ">=",
        equal=((matrix, matrix.T),),
    )


@theorem(cite("hornjohnson2013", "theorem 2.5.6"))
def norm_of_symmetric(matrix: Any) -> Statement:
    """The eigenvalues of M^2, M symmetric, are the squares of those of M: the root of the largest
    is max(lambda_max, -lambda_min)."""
    return Statement(
        sp.sqrt(largest(matrix * matrix)),
        sp.Max(largest(matrix), -smallest(matrix)),
        equal=((matrix, matrix.T),),
    )


@theorem(cite("hornjohnson2013", "theorem 4.3.28"))
def smallest_in_a_plane(matrix: Any, first: Any, second: Any) -> Statement:
    """The smallest eigenvalue of a symmetric M is at most that of its restriction to a plane, with
    the 2 x 2 matrix of p'Mp, p'Mq, q'Mq for unit vectors p and q at a right angle."""
    along, across = inner(first, matrix * first), inner(second, matrix * second)
    between = inner(first, matrix * second)
    root = sp.sqrt((along - across) ** 2 + 4 * between**2)
    return Statement(
        smallest(matrix),
        (along + across - root) / 2,
        "<=",
        equal=(
            (matrix, matrix.T),
            (inner(first, first), 1),
            (inner(second, second), 1),
            (inner(first, second), 0),
        ),
    )


@theorem(cite("hornjohnson2013", "theorem 1.3.22"))
def largest_of_grams(matrix: Any) -> Statement:
    """MM' and M'M have the same largest eigenvalue."""
    return Statement(largest(matrix * matrix.T), largest(matrix.T * matrix))


@theorem(cite("hornjohnson2013", "theorem 5.1.4"))
def absolute_product(first: Any, second: Any) -> Statement:
    """|x'y| <= |x| |y|."""
    return Statement(sp.Abs(inner(first, second)), length(first) * length(second), "<=")
