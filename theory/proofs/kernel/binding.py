"""What binds a letter: where equals may not stand for equals."""

from typing import Any

import sympy as sp

from theory.functions.heads import Extreme, grad, hess
from theory.functions.stated import jacobian
from theory.proofs.kernel.along import along

SLOPES = (grad, hess, jacobian, along)


def under_a_slope(expression: Any, old: Any, known: Any = None) -> bool:
    """Whether ``old`` stands under a slope in a matrix that it holds, or under such an extreme; it
    may be a slope itself.

    What is equal on a domain, such as u'u = 1 for columns of length 1, has different slopes.
    """
    if under_an_extreme(expression, old, known):
        return True
    for part in sp.preorder_traversal(expression):
        if part == old:
            continue
        letters: tuple[Any, ...] = ()
        if isinstance(part, SLOPES):
            letters = (part.args[1],)
        elif isinstance(part, sp.Derivative):
            letters = tuple(x for x in part.variables if getattr(x, "is_Matrix", False))
        if letters and part.has(old) and any(old.has(x) for x in letters):
            return True
    return False


def is_free(kernel: Any, letter: Any) -> bool:
    """Whether a domain says no equation of a ``letter``, such as u'u = 1: what is equal on the
    domain is equal beside it then, and has the same slopes."""
    own = (letter, letter.T)
    return letter not in kernel.symmetric and not any(
        any(x in own for x in word) and not any(x.atoms(sp.MatrixSymbol) - {letter} for x in word)
        for word in kernel.rules
        if not any(x.has(sp.Inverse) for x in word)
    )


def under_an_extreme(expression: Any, old: Any, known: Any = None) -> bool:
    """Whether ``old`` stands in a supremum, an infimum or a minimum over a letter that it holds:
    these are over all values of the letter, and not over a claim's domain.

    A letter of which nothing is ``known`` but its signs is the same inside and outside.
    """
    return any(
        part.has(old) and old.has(part.args[1]) and (known is None or part.args[1] in known)
        for part in sp.sympify(expression).atoms(Extreme)
    )


def running_letters(expression: Any) -> set[Any]:
    """The letters that sums, integrals, functions and extremes inside run over."""
    running: set[Any] = set()
    for part in sp.preorder_traversal(expression):
        if isinstance(part, (sp.Sum, sp.Product, sp.Integral)):
            running |= {limits[0] for limits in part.limits}
        elif isinstance(part, sp.Lambda):
            running |= set(part.variables)
        elif isinstance(part, Extreme):
            running.add(part.args[1])
    return running


def bound_letters(expression: Any) -> set[Any]:
    """The letters that sums, integrals, limits and derivatives inside run over."""
    bound: set[Any] = set()
    for part in sp.preorder_traversal(expression):
        if isinstance(part, (sp.Sum, sp.Product, sp.Integral)):
            bound |= {limits[0] for limits in part.limits}
        elif isinstance(part, (sp.Derivative, sp.Subs, sp.Lambda)):
            bound |= set(part.variables)
        elif isinstance(part, (sp.Limit, Extreme)):
            bound.add(part.args[1])
    return bound
