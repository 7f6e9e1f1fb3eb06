"""Rules about the rank of a matrix."""

from typing import Any

import sympy as sp

from theory.functions.stated import rank
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def full_rank(kernel: Kernel, left: Any, right: Any, relation: str, of: Any, back: Any) -> bool:
    """K has as large a rank as it has columns where another matrix takes it back: BK = I."""
    if relation != "=" or not left.has(rank(of)) or of.has(rank):
        return False
    columns = of.shape[1]
    return kernel.same(back * of, sp.Identity(columns)) and kernel.same(
        left.xreplace({rank(of): columns}), right
    )
