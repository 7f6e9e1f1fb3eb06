"""Rules of quadratic forms on the axes of a symmetric matrix."""

from typing import Any

from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, smallest
from theory.functions.stated import diagonalised, eigenvectors
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def mean_of_eigenvalues(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """X'UDU'x is the sum of lambda_i c_i^2 with c = U'x, and these c_i^2 add up to x'x: it is at
    least the smallest and at most the largest eigenvalue times x'x.

    D has the eigenvalues of a symmetric M, and U has its orthonormal eigenvectors as columns.
    """
    bases = left.atoms(eigenvectors)
    if relation not in ("<=", ">=") or len(bases) != 1 or len(left.args) < 3:
        return False
    (matrix,) = next(iter(bases)).args
    column = left.args[-1]
    if left != column.T * diagonalised(matrix) * column:
        return False
    end = largest if relation == "<=" else smallest
    return kernel.same(matrix, matrix.T) and kernel.same(end(matrix) * inner(column, column), right)
