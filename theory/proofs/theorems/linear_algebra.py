"""Theorems of linear algebra: eigenvalues, quadratic forms, inequalities of columns."""

from typing import Any

from companion.references import cite
from theory.functions.columns import inner
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


@theorem(cite("hornjohnson2013", "theorem 5.1.4"))
def cauchy_schwarz(first: Any, second: Any) -> Statement:
    """(x'y)^2 <= x'x y'y."""
    return Statement(inner(first, second) ** 2, inner(first, first) * inner(second, second), "<=")
