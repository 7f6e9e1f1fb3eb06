"""Rules of inverses that are not written out."""

from typing import Any

import sympy as sp

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
