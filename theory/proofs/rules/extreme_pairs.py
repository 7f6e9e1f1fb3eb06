"""A rule about the largest and the smallest eigenvalue of a matrix, taken together."""

from typing import Any

import sympy as sp

from theory.functions.eigenvalues import largest, smallest
from theory.functions.matrices import det
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.use import is_new
from theory.proofs.uses import Use, rule


@rule
def with_both_extremes_at_their_mean(
    kernel: Kernel, left: Any, right: Any, relation: str, by: Use, of: Any
) -> bool:
    """A positive definite C with the mean of its largest and its smallest eigenvalue in the places
    of both has the trace of C, and the determinant of C over 4 lambda_max lambda_min/(lambda_max +
    lambda_min)^2.

    ``by`` bounds the determinant of a positive definite matrix ``of`` by a number b through its
    trace, and is asked of a letter of which nothing else is known. The determinant of C is
    therefore at most b times that factor.
    """
    dets = {each for side in (left, right) for each in sp.sympify(side).atoms(det)}
    turned = {"<=": (left, right), ">=": (right, left)}
    if relation not in turned or len(dets) != 1 or not is_new(kernel, of):
        return False
    (whole,) = dets
    (matrix,) = whole.args
    lower, upper = turned[relation]
    large, small = largest(matrix), smallest(matrix)
    if lower != whole or of.shape != matrix.shape or matrix.has(of):
        return False
    if not kernel.same(matrix, matrix.T) or not kernel.has_sign(small, "is_positive"):
        return False
    trace = kernel.number(sp.Trace(matrix))
    inside = kernel.within(
        {sp.Trace(of): trace, smallest(of): sp.Symbol("any_smallest", positive=True)}
    )
    inside.symmetric.add(of)
    bound = upper / (4 * large * small / (large + small) ** 2)
    return by.holds(inside, det(of), kernel.number(bound), "<=")
