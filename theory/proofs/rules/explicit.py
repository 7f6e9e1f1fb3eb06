"""Rules of matrices that are written out entry by entry."""

from typing import Any

import sympy as sp

from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def carried_out(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Products and powers of matrices that are written out entry by entry, carried out by SymPy.

    No other matrix may stand in them.
    """
    letters = left.atoms(sp.MatrixSymbol) | right.atoms(sp.MatrixSymbol)
    if relation != "=" or letters or not left.atoms(sp.MatrixBase):
        return False
    return kernel.same(left.doit(), right)
