"""Derivatives in a number of what holds matrices."""

from typing import Any

import sympy as sp


def in_a_number(kernel: Any, e: Any) -> Any:
    """A derivative in one number, also at a place: that of the value in coordinates.

    What the kernel keeps as a letter must not depend on the number.
    """
    place = None
    if isinstance(e, sp.Subs):
        e, letters, places = e.args
        if len(letters) != 1:
            raise NotImplementedError(f"a derivative at the places of several letters: {letters}")
        place = letters[0], places[0]
    ((letter, order),) = e.variable_count
    if getattr(letter, "is_Matrix", False):
        raise NotImplementedError(f"a derivative in a matrix: {e}")
    if place is not None and place[0] != letter:
        raise NotImplementedError(f"a derivative in {letter} at a place of {place[0]}")
    t = sp.Dummy("any_t", real=True)
    value = kernel.number(e.expr.xreplace({letter: t}))
    hidden = [each for each in value.free_symbols - {t} if str(t) in str(each)]
    if hidden:
        raise NotImplementedError(f"no derivative of {e.expr}, which is not written out")
    return sp.diff(value, t, order).subs(t, letter if place is None else kernel.number(place[1]))
