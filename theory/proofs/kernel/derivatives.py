"""Derivatives in a letter that is a number, of numbers and matrices in coordinates."""

from typing import Any

import sympy as sp

from theory.proofs.kernel.along import along
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.kernel.words import Polynomial

Kernel = Any  # theory.proofs.kernel.decide imports this file


def at_zero(kernel: Kernel, moving: along) -> Polynomial:
    """The derivative at t = 0 of a value that is moved by t."""
    t, order = sp.Dummy("t", real=True), moving.args[3]
    polynomial = kernel.polynomial(moving.moved(t))
    for word in polynomial:
        kernel.refuse_hidden(t, word)
    return kernel.add({w: kernel.slope(c, t, order, 0) for w, c in polynomial.items()})


def at(kernel: Kernel, e: Any) -> Any:
    """The derivative of a number of matrices in a letter that is a number, also at a place."""
    derivative, place = e, None
    if isinstance(e, sp.Subs):
        derivative, letters, places = e.args
        if len(letters) != 1 or not isinstance(derivative, sp.Derivative):
            raise NotImplementedError(f"no derivative {e}")
        (held,), (place,) = letters, places
    (letter, order), *others = derivative.variable_count
    if others or is_matrix(letter) or (place is not None and held != letter):
        raise NotImplementedError(f"no derivative {e}")
    t = sp.Dummy("t", real=True)
    value = kernel.number(derivative.expr.xreplace({letter: t}))
    return kernel.slope(value, t, order, letter if place is None else kernel.number(place))


def of_matrix(e: Any) -> bool:
    """Whether a derivative is one in a matrix."""
    return any(
        is_matrix(each) for each in sp.preorder_traversal(e) if isinstance(each, sp.MatrixSymbol)
    )
