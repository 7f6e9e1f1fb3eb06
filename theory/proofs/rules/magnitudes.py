"""Rules of numbers whose sign, or whose range, is known: angles and roots."""

from typing import Any

import sympy as sp

from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def equal_cosines(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Two angles between 0 and pi are equal where their cosines are.

    An arccosine is such an angle, and so is the arctangent or the arcsine of a number that is not
    negative.
    """
    if relation != "=" or not all(_below_pi(kernel, side) for side in (left, right)):
        return False
    return kernel.same(sp.cos(left), sp.cos(right))


@rule
def equal_squares(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Two numbers that are not negative are equal where their squares are."""
    if relation != "=" or not all(map(kernel.nonnegative, (left, right))):
        return False
    return kernel.same(left**2, right**2)


def _below_pi(kernel: Kernel, angle: Any) -> bool:
    if isinstance(angle, (sp.atan, sp.asin)):
        return kernel.nonnegative(angle.args[0])
    return isinstance(angle, sp.acos)
