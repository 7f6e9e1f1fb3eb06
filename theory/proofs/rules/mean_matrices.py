"""The rule of the mean of a random matrix."""

from typing import Any

import sympy as sp

from theory.functions.heads_of_chance import E, means
from theory.functions.matrices import kron
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.chance import worked_out
from theory.proofs.uses import rule


@rule
def mean_of_a_product(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The mean of a Kronecker product of a random M and a fixed S is that of M times S, and K is
    the mean of M where a'Kb is the mean of a'Mb for every a and b."""
    if relation != "=" or not isinstance(left, means) or not isinstance(right, kron):
        return False
    (product,) = left.args
    if not isinstance(product, kron):
        return False
    (matrix, fixed), (mean, same) = product.args, right.args
    if matrix.shape != mean.shape or any(_holds(kernel, fixed, x) for x in kernel.laws):
        return False
    a, b = (
        sp.MatrixSymbol(name, size, 1)
        for name, size in zip(("any_a", "any_b"), matrix.shape, strict=True)
    )
    of_both = [sp.Trace(b * a.T * each) for each in (matrix, mean)]
    return (
        kernel.same(fixed, same)
        and not any(_holds(kernel, mean, x) for x in kernel.laws)
        and kernel.same(worked_out(kernel, E(of_both[0])), of_both[1])
    )


def _holds(kernel: Kernel, matrix: Any, letter: Any) -> bool:
    """Whether a random letter stands in a matrix, or in what its letters mean."""
    names = matrix.atoms(sp.MatrixSymbol, sp.Symbol)
    images = (sp.sympify(kernel.images[x]) for x in names if x in kernel.images)
    return matrix.has(letter) or any(_holds(kernel, image, letter) for image in images)
