"""Theorems on eigenvalues that interlace, on quadratic forms and products between bounds."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, second_largest, smallest
from theory.proofs.uses import Statement, theorem


@theorem(cite("hornjohnson2013", "corollary 4.3.9"))
def second_of_rank_one_above(matrix: Any, column: Any) -> Statement:
    """A symmetric M has lambda_2(M + zz') >= lambda_2(M)."""
    raised = second_largest(matrix + column * column.T)
    return Statement(raised, second_largest(matrix), ">=", equal=((matrix, matrix.T),))


@theorem(cite("hornjohnson2013", "corollary 4.3.9"))
def second_of_rank_one_below(matrix: Any, column: Any) -> Statement:
    """A symmetric M has lambda_2(M + zz') <= lambda_max(M)."""
    raised = second_largest(matrix + column * column.T)
    return Statement(raised, largest(matrix), "<=", equal=((matrix, matrix.T),))


@theorem(cite("hornjohnson2013", "section 7.2"))
def between_extreme_eigenvalues(matrix: Any, column: Any, weight: Any) -> Statement:
    """A symmetric M has |Mx|^2 + lambda_min lambda_max |x|^2 <= (lambda_min + lambda_max) x'Mx,
    since (M - lambda_min)(lambda_max - M) is not negative; with any weight c >= 0 of both sides."""
    low, high = smallest(matrix), largest(matrix)
    image = matrix * column
    return Statement(
        weight * (inner(image, image) + low * high * inner(column, column)),
        weight * (low + high) * inner(column, image),
        "<=",
        equal=((matrix, matrix.T),),
        nonnegative=(weight,),
    )


@theorem(cite("hornjohnson2013", "theorem 5.1.4"))
def product_of_lengths(first: Any, second: Any, weight: Any) -> Statement:
    """X'y <= |x| |y|, with any weight c >= 0 of both sides."""
    lengths = sp.sqrt(inner(first, first) * inner(second, second))
    return Statement(weight * inner(first, second), weight * lengths, "<=", nonnegative=(weight,))
