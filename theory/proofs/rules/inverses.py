"""Rules of inverses that are not written out."""

from typing import Any

import sympy as sp

from theory.proofs.kernel.binding import under_a_slope
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def solved(
    kernel: Kernel, left: Any, right: Any, relation: str, matrix: Any, column: Any, is_: Any
) -> bool:
    """M^-1 x is the column that M takes to x: where M y = x, ``is_`` = y may stand for it."""
    images = {}
    for product in left.atoms(sp.MatMul):
        factor, letters = product.as_coeff_matrices()
        if letters[-2:] == [sp.Inverse(matrix), column]:
            images[product] = factor * sp.MatMul(*letters[:-2], is_)
    return (
        relation == "="
        and bool(images)
        and kernel.same(matrix * is_, column)
        and kernel.same(left.xreplace(images), right)
    )


@rule
def written_out(
    kernel: Kernel, left: Any, right: Any, relation: str, matrix: Any, is_: Any
) -> bool:
    """The inverse of a square M is the matrix N with M N = I: ``is_`` may stand for it.

    N M = I says the same, as M is square. M is looked for as it stands in ``left``, under an
    inverse.
    """
    inverse = sp.Inverse(matrix)
    unit = sp.Identity(matrix.shape[0])
    return (
        relation == "="
        and left.has(inverse)
        and not under_a_slope(left, inverse)
        and matrix.shape == is_.shape == unit.shape
        and any(kernel.same(product, unit) for product in (matrix * is_, is_ * matrix))
        and kernel.same(left.xreplace({inverse: is_}), right)
    )
