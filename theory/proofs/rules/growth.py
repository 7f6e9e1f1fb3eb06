"""Rules of what grows from zero: inequalities by comparing slopes."""

from typing import Any

import sympy as sp

from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.order import not_negative
from theory.proofs.uses import rule


@rule
def inverse_of_what_grows_faster(
    kernel: Kernel, left: Any, right: Any, relation: str, letter: Any
) -> bool:
    """Of 1/a and 1/b, where a and b tend to 0 at 0 and grow with a positive letter, that one is
    smaller whose denominator grows faster.

    The slopes are compared on the whole domain, which must reach down to 0: every condition of the
    claim must hold for smaller values of the letter too.
    """
    if relation not in ("<=", ">=") or not letter.is_positive or letter.is_integer:
        return False
    image = kernel.images.get(letter)
    if image is not None and not any(sp.limit(image, x, sp.oo) == 0 for x in image.free_symbols):
        return False
    if any(each.has(letter) for other, each in kernel.images.items() if other != letter):
        return False  # a case that ties another letter to this one
    if image is not None and image.free_symbols & set().union(
        *(sp.sympify(each).free_symbols for x, each in kernel.images.items() if x != letter)
    ):
        return False
    if any(
        fact.has(letter) and not kernel.nonnegative(-sp.diff(not_negative(fact), letter))
        for fact in kernel.facts
    ):
        return False
    small, large = (left, right) if relation == "<=" else (right, left)
    faster, slower = 1 / small, 1 / large
    return (
        sp.limit(faster, letter, 0, "+") == 0
        and sp.limit(slower, letter, 0, "+") == 0
        and kernel.has_sign(sp.diff(slower, letter), "is_positive")
        and kernel.nonnegative(sp.diff(faster - slower, letter))
    )
