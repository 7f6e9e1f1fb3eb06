"""Theorems about norms and sums of matrices."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.eigenvalues import largest, smallest
from theory.functions.matrices import det, trace
from theory.proofs.uses import Statement, theorem


@theorem(cite("hornjohnson2013", "section 5.6"))
def frobenius_norm_of_a_product(first: Any, second: Any) -> Statement:
    """The Frobenius norm of FG' is at most that of F times that of G."""
    whole = first * second.T
    return Statement(
        sp.sqrt(trace(whole * whole.T)),
        sp.sqrt(trace(first * first.T) * trace(second * second.T)),
        "<=",
    )


@theorem(cite("hornjohnson2013", "appendix B"))
def geometric_and_arithmetic_mean(matrix: Any) -> Statement:
    """The geometric mean of positive numbers is at most the arithmetic one: here of the eigenvalues
    of a positive definite M, whose product is det M and whose sum is tr M."""
    rows = matrix.shape[0]
    return Statement(
        det(matrix),
        (sp.Trace(matrix) / rows) ** rows,
        "<=",
        equal=((matrix, matrix.T),),
        positive=(smallest(matrix),),
    )


@theorem(cite("hornjohnson2013", "theorem 4.3.1"))
def largest_of_a_sum(first: Any, second: Any) -> Statement:
    """The largest eigenvalue of a sum of symmetric matrices is at most the sum of the largest."""
    return Statement(
        largest(first + second),
        largest(first) + largest(second),
        "<=",
        equal=((first, first.T), (second, second.T)),
    )
