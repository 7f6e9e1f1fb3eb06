"""Theorems about the rank of a matrix."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.stated import rank, with_density
from theory.proofs.uses import Statement, theorem


@theorem(cite("hornjohnson2013", "section 0.4.6"))
def rank_of_a_square(matrix: Any) -> Statement:
    """M'M has the rank of M."""
    return Statement(rank(matrix.T * matrix), rank(matrix))


@theorem(cite("muirhead1982", "theorem 3.1.4"))
def rank_with_density(matrix: Any, factor: Any) -> Statement:
    """Where the entries of J have a density, K'J has as large a rank as J's columns and the rank of
    K admit, with probability 1; K is not random."""
    if not isinstance(matrix, with_density):
        raise TypeError(f"the entries of {matrix} are not said to have a density")
    most = sp.Min(matrix.shape[1], rank(factor))
    return Statement(rank(factor.T * matrix), most, free=(factor,))
