"""Theorems on limits of sequences."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.proofs.uses import Statement, theorem


@theorem(cite("knopp1951", "Cauchy's limit theorem"))
def decay_of_a_sequence(member: Any, index: Any) -> Statement:
    """Where 1/sqrt x_(l+1) - 1/sqrt x_l of positive x_l tends to b, l^2 x_l tends to 1/b^2, which
    is infinite for b = 0."""
    grown = 1 / sp.sqrt(member.subs(index, index + 1)) - 1 / sp.sqrt(member)
    return Statement(
        sp.Limit(index**2 * member, index, sp.oo), 1 / sp.Limit(grown, index, sp.oo) ** 2
    )
