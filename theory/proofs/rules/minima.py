"""Rules of minima: where a polynomial of the second degree is least."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.functions.rates import least
from theory.functions.stated import argmin
from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.extremes import can_be
from theory.proofs.uses import rule


@rule
def least_of_quadratic(
    kernel: Kernel, left: Any, right: Any, relation: str, at: Mapping[Any, Any]
) -> bool:
    """A polynomial of the second degree is least where its slopes vanish, and nowhere else, if its
    Hessian is positive definite.

    ``at`` says what each letter is there. The slopes must vanish by calculation, and the leading
    minors of the Hessian must be positive on the whole domain.
    """
    if relation != "=" or not isinstance(left, argmin):
        return False
    letter, value, letters = left.args
    if set(letters) != set(at) or letter not in at or set(letters) & set(kernel.images):
        return False
    if not all(can_be(kernel, each, sp.sympify(place)) for each, place in at.items()):
        return False
    polynomial = kernel.number(value)
    for each in letters:
        kernel.refuse_hidden(each, polynomial.free_symbols)
    if sp.Poly(polynomial, *letters).total_degree() > 2:
        return False
    there = {each: kernel.number(place) for each, place in at.items()}
    slopes = (sp.diff(polynomial, each).subs(there, simultaneous=True) for each in letters)
    bend = sp.hessian(polynomial, tuple(letters))
    minors = (bend[:size, :size].det() for size in range(1, len(letters) + 1))
    return (
        kernel.same(at[letter], right)
        and all(map(equality.vanishes, slopes))
        and all(kernel.has_sign(minor, "is_positive") for minor in minors)
    )


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
