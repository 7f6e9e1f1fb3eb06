"""Theorems about projectors: matrices that are their own square."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.stated import rank
from theory.proofs.uses import Statement, theorem


@theorem(cite("hornjohnson2013", "idempotent matrices"))
def rank_of_a_projector(matrix: Any, scale: Any) -> Statement:
    """A matrix that is its own square has its trace as rank; a multiple, not of 0, has the same."""
    return Statement(
        rank(scale * matrix),
        sp.Trace(matrix),
        equal=((matrix * matrix, matrix),),
        positive=(scale**2,),
    )
