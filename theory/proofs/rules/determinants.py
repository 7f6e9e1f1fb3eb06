"""Rules of determinants."""

from typing import Any

import sympy as sp

from theory.functions.matrices import kron
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_letter
from theory.proofs.uses import rule


@rule
def determinant(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Determinants multiply: that of a product is the product, that of a triangular matrix of
    blocks the product of its diagonal blocks', and that of A (x) S is det(A)^n det(S)^N, for
    factors of N and of n rows."""
    asked = left.atoms(sp.Determinant)
    if relation != "=" or not asked:
        return False
    return kernel.same(_worked_out(kernel, left), _worked_out(kernel, right))


def _worked_out(kernel: Kernel, side: Any) -> Any:
    return side.xreplace({each: _of(kernel, each.arg) for each in side.atoms(sp.Determinant)})


def _of(kernel: Kernel, e: Any) -> Any:
    """The determinant of a square matrix by those of its letters."""
    if e in kernel.images:
        return _of(kernel, kernel.images[e])
    if isinstance(e, sp.Identity):
        return sp.Integer(1)
    if is_letter(e):
        return sp.Symbol(f"det({e})", real=True)
    if isinstance(e, sp.Transpose):
        return _of(kernel, e.arg)
    if isinstance(e, sp.Inverse):
        return 1 / _of(kernel, e.arg)
    if isinstance(e, sp.MatMul):
        number, factors = e.as_coeff_matrices()
        if all(each.shape[0] == each.shape[1] for each in factors):
            return number ** e.shape[0] * sp.Mul(*(_of(kernel, each) for each in factors))
    if isinstance(e, (sp.KroneckerProduct, kron)) and len(e.args) == 2:
        first, second = e.args
        if all(each.shape[0] == each.shape[1] for each in e.args):
            return _of(kernel, first) ** second.shape[0] * _of(kernel, second) ** first.shape[0]
    if isinstance(e, sp.BlockMatrix) and _is_triangular(kernel, e):
        return sp.Mul(*(_of(kernel, e.blocks[i, i]) for i in range(e.blockshape[0])))
    raise NotImplementedError(f"the determinant of {e}")


def _is_triangular(kernel: Kernel, e: sp.BlockMatrix) -> bool:
    """Whether the diagonal blocks are square and nothing is above them, or nothing below."""
    if e.rowblocksizes != e.colblocksizes:
        return False
    places = [(i, j) for i in range(e.blockshape[0]) for j in range(i)]
    return any(
        all(not kernel.polynomial(e.blocks[place]) for place in side)
        for side in (places, [(j, i) for i, j in places])
    )
