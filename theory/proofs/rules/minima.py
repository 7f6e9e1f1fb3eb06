"""Rules of minima: where a value is least."""

from typing import Any

import sympy as sp

from theory.functions.rates import least
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def least_of_squares(kernel: Kernel, left: Any, right: Any, relation: str, at: Any) -> bool:
    """A value is least at a place from which no move h of the letter lowers it.

    The value at ``at`` + h less that at ``at`` must be a number that is not negative, such as a
    squared length, whatever h is.
    """
    if relation != "=" or not isinstance(left, least) or len(left.args[1]) != 1:
        return False
    value, (letter,) = left.args
    if at.has(letter) or kernel.kinds.get(letter, "any") != "any":
        return False
    move = sp.MatrixSymbol("any_h", *letter.shape)
    moved, there = (value.xreplace({letter: place}) for place in (at + move, at))
    return kernel.nonnegative(moved - there) and kernel.same(there, right)
