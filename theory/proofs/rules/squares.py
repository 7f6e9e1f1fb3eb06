"""Rules about sums of squares of a matrix's entries."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.functions.rates import least
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def least_square(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    of: Any,
    scale: Any,
    at: Mapping[Any, Any],
) -> bool:
    """The sum of squares |M|^2 is least at a place from which every displacement adds to M what is
    orthogonal to M there.

    ``of`` is M in the letters of ``at``, {letter: its place}; the value is ``scale`` |M|^2. The
    displacements are letters of their own, so that they are all.
    """
    if relation != "=" or not isinstance(left, least):
        return False
    value, letters = left.args
    if set(letters) != set(at) or any(sp.sympify(place).has(*at) for place in at.values()):
        return False
    if set(at) & set(kernel.images) or not kernel.has_sign(scale, "is_positive"):
        return False
    there = of.xreplace(dict(at))
    ways = {x: place + sp.MatrixSymbol(f"any_{x}", *x.shape) for x, place in at.items()}
    added = of.xreplace(ways) - there
    return (
        kernel.same(value, scale * sp.Trace(of * of.T))
        and kernel.same(sp.Trace(there * added.T), sp.Integer(0))
        and kernel.same(scale * sp.Trace(there * there.T), right)
    )
