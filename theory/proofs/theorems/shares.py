"""Theorems about how much of a random column lies in a subspace."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.columns import inner
from theory.laws import gaussian_column
from theory.laws_of_shares import Share
from theory.proofs.theorems.probability import in_place_of
from theory.proofs.uses import Statement, theorem


@theorem(cite("muirhead1982", "section 1.5"))
def law_of_a_share(of: Any, share: Any, frame: Any, column: Any, spread: Any) -> Statement:
    """Of a Gaussian column v of independent entries of one variance, the share |Q'v|^2/|v|^2 in the
    span of d orthonormal columns Q has the law Beta(d/2, (P - d)/2)."""
    rows, count = frame.shape
    if frame.has(column):
        raise TypeError(f"{frame} is not independent of {column}")
    inside = frame.T * column
    return Statement(
        in_place_of(of, share, inner(inside, inside) / inner(column, column), column),
        of,
        equal=((frame.T * frame, sp.Identity(count)),),
        positive=(spread, rows - count),
        laws=(
            (column, gaussian_column(spread * sp.Identity(rows))),
            (share, Share(count, rows - count)),
        ),
    )
