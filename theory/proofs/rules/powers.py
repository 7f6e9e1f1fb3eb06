"""Rules of powers of a matrix."""

from typing import Any

import sympy as sp

from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def power_by_induction(
    kernel: Kernel, left: Any, right: Any, relation: str, of: Any, count: Any, is_: Any
) -> bool:
    """M^k is F(k) for every whole k >= 0 where F(0) = I and F(k) M = F(k + 1)."""
    power = sp.MatPow(of, count)
    if relation != "=" or not (count.is_integer and count.is_nonnegative) or not left.has(power):
        return False
    k = sp.Dummy("k", integer=True, nonnegative=True)
    start, here, after = (is_.subs(count, at) for at in (sp.Integer(0), k, k + 1))
    return (
        count not in kernel.images
        and kernel.same(start, sp.Identity(of.shape[0]))
        and kernel.same(here * of, after)
        and kernel.same(left.xreplace({power: is_}), right)
    )
