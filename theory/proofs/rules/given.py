"""Rules of chance: the mean over one letter, with the others held."""

from typing import Any

import sympy as sp

from theory.functions.heads_of_chance import E, OfChance
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.moments import expected
from theory.proofs.uses import rule


@rule
def mean_over(kernel: Kernel, left: Any, right: Any, relation: str, letter: Any) -> bool:
    """The mean of f is the mean of g, where g is the mean of f over one letter with all others
    held, if the letter is independent of them.

    The mean over the letter must follow from its moments.
    """
    if relation != "=" or not isinstance(left, E) or not isinstance(right, E):
        return False
    law = kernel.laws.get(letter)
    if law is None or any(
        _mentions(other, letter) or _mentions(law, x)
        for x, other in kernel.laws.items()
        if x != letter
    ):
        return False
    held = kernel.within({})
    held.laws = {letter: law}
    found = expected(held, left.args[0])
    return not found.has(OfChance) and kernel.same(found, right.args[0])


def _mentions(law: Any, letter: Any) -> bool:
    """Whether a letter stands in a law."""
    parts = [part for each in vars(law).values() for part in _flat(each)]
    return any(sp.sympify(part).has(letter) for part in parts)


def _flat(part: Any) -> tuple[Any, ...]:
    return part if isinstance(part, tuple) else (part,)
