"""Rules of the house's functions of numbers."""

from typing import Any

import sympy as sp

from theory.functions.numbers import scaled_bessel
from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def scaled_bessels(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """scaled_bessel(n, x) is exp(-x) I_n(x)."""
    if relation != "=" or not (left.has(scaled_bessel) or right.has(scaled_bessel)):
        return False

    def written_out(expression: Any) -> Any:
        number = kernel.number(expression)
        return number.replace(scaled_bessel, lambda n, x: sp.exp(-x) * sp.besseli(n, x))

    ratio = sp.powsimp(sp.expand(sp.powsimp(written_out(left) / written_out(right))))
    return equality.vanishes(sp.simplify(ratio) - 1)
