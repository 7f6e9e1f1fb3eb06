"""What binds a letter: where equals may not stand for equals."""

from typing import Any

import sympy as sp

from theory import symbols
from theory.domain import Real
from theory.functions.heads import Extreme, grad, hess
from theory.functions.stated import jacobian
from theory.proofs.kernel.along import along

SLOPES = (grad, hess, jacobian, along)


def under_a_slope(expression: Any, old: Any) -> bool:
    """Whether ``old`` stands under a slope in a matrix that it holds, or under such an extreme; it
    may be a slope itself.

    What is equal on a domain, such as u'u = 1 for columns of length 1, has different slopes.
    """
    if under_an_extreme(expression, old):
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


def under_an_extreme(expression: Any, old: Any) -> bool:
    """Whether ``old`` stands in a supremum, an infimum or a minimum over a letter that it holds and
    that has a domain of its own: these are over all values of the letter."""
    return any(
        part.has(old) and old.has(part.args[1]) and _has_a_domain(part.args[1])
        for part in sp.sympify(expression).atoms(Extreme)
    )


def _has_a_domain(letter: Any) -> bool:
    """Whether a letter may stand for less than its signs say, such as a column of length 1."""
    domain = getattr(getattr(symbols, str(letter), None), "domain", None)
    if getattr(letter, "is_Matrix", False) or not isinstance(domain, Real):
        return True
    return not (domain.low in (-sp.oo, 0) and domain.high == sp.oo)


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
