"""Theorems about the eigenvectors of symmetric matrices."""

from typing import Any

from companion.references import cite
from theory.functions.stated import diagonalised
from theory.proofs.uses import Statement, theorem


@theorem(cite("hornjohnson2013", "theorem 2.5.6"))
def spectral_theorem(matrix: Any) -> Statement:
    """A symmetric M is U diag(lambda) U' with orthonormal eigenvectors U and the eigenvalues."""
    return Statement(matrix, diagonalised(matrix), equal=((matrix, matrix.T),))
