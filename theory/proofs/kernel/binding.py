"""What binds a letter: where equals may not stand for equals."""

from functools import cache
from typing import Any

import sympy as sp

from theory.functions import large, rates
from theory.functions.descents import end_of_descent
from theory.functions.flows import end_of_flow
from theory.functions.heads import Extreme, grad, hess
from theory.functions.homogeneous import at_place
from theory.functions.stated import argmin, gradient_growth, jacobian
from theory.proofs.kernel.along import along

#: Heads that run over letters: the place of the letters, and the places where these are meant
#: (None: everywhere).
OVER: tuple[tuple[Any, tuple[int, tuple[int, ...] | None]], ...] = (
    ((Extreme, rates.matrix_limit, large.tends_to, rates.least, sp.Limit), (1, None)),
    ((rates.first, large.infimum), (0, None)),
    (argmin, (2, None)),
    ((rates.Over, rates.after_steps, gradient_growth), (1, (0, 1))),
    ((end_of_flow, end_of_descent), (2, (0, 1, 2))),
    (at_place, (1, (0, 1))),
)
SLOPES = (grad, hess, jacobian, along)
#: What binds a letter inside; a derivative moves it within the domain.
BINDING = (sp.Integral, sp.Sum, sp.Product, sp.Limit, sp.Lambda, sp.Subs)


def replaced(expression: Any, old: Any, new: Any) -> Any:
    """``expression`` with ``new`` for the equal ``old``; None where it does not hold ``old``, or
    holds it where equals may not stand for equals."""
    expression, old = sp.sympify(expression), sp.sympify(old)
    if not expression.has(old) or under_a_slope(expression, old) or captured(expression, old, new):
        return None
    return expression.xreplace({old: new})


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


def own_letters(part: Any) -> tuple[Any, ...]:
    """The letters that an expression itself runs over, not those of what stands inside."""
    if isinstance(part, (sp.Sum, sp.Product, sp.Integral)):
        return tuple(limits[0] for limits in part.limits)
    if isinstance(part, sp.Lambda):
        return tuple(part.variables)
    place, _ = next((over for kinds, over in OVER if isinstance(part, kinds)), (None, ()))
    if place is None:
        return ()
    letters = part.args[place]
    return tuple(letters) if isinstance(letters, sp.Tuple) else (letters,)


def running_letters(expression: Any) -> set[Any]:
    """The letters that sums, integrals, functions and extremes inside run over."""
    kinds = (sp.Sum, sp.Product, sp.Integral, sp.Lambda, Extreme)
    running = (part for part in sp.preorder_traversal(expression) if isinstance(part, kinds))
    return {letter for part in running for letter in own_letters(part)}


def bound_letters(expression: Any) -> set[Any]:
    """The letters that sums, integrals, limits, derivatives and heads inside run over."""
    bound: set[Any] = set()
    for part in sp.preorder_traversal(expression):
        bound.update(own_letters(part))
        if isinstance(part, (sp.Derivative, sp.Subs)):
            bound |= set(part.variables)
    return bound


def with_fresh_letters(part: Any, random: Any = ()) -> Any:
    """The same expression over letters of which nothing is known but what SymPy assumes of them.

    A letter that a head runs over takes all its values, and not those of a claim's domain. It gets
    the same fresh letter each time, so that equal expressions stay equal. The size of a ``random``
    letter stays, since its law is known by it.
    """
    if isinstance(part, (sp.Sum, sp.Integral)):
        return part  # the kernel puts nothing in the place of an index, and SymPy neither
    sizes = {each for x in random for size in getattr(x, "shape", ()) for each in _letters(size)}
    images = {letter: fresh(letter) for letter in own_letters(part) if letter not in sizes}
    if all(letter == image for letter, image in images.items()):
        return part
    if isinstance(part, (sp.Product, sp.Lambda)):
        return part.xreplace(images)
    within = next(scope for kinds, (_, scope) in OVER if isinstance(part, kinds))
    scope = range(len(part.args)) if within is None else within
    return part.func(*(x.xreplace(images) if i in scope else x for i, x in enumerate(part.args)))


def _letters(size: Any) -> set[Any]:
    return set(sp.sympify(size).free_symbols)


@cache
def fresh(letter: Any) -> Any:
    """Another letter in the place of ``letter``, which no claim has; itself where it is one."""
    if letter in _FRESH:
        return letter
    name = f"{letter}~{len(_FRESH)}"
    if isinstance(letter, sp.MatrixSymbol):
        new = sp.MatrixSymbol(name, *letter.shape)
    else:
        new = sp.Symbol(name, **letter._assumptions_orig)
    _FRESH.add(new)
    return new


_FRESH: set[Any] = set()


def captured(expression: Any, old: Any, new: Any) -> bool:
    """Whether a letter of the equals is bound around one of them: there it means something else."""
    letters = sp.sympify(old).free_symbols | sp.sympify(new).free_symbols
    around = (
        node
        for node in sp.preorder_traversal(sp.sympify(expression))
        if isinstance(node, BINDING) and node != old and node.has(old)
    )
    return any(letters & _bound_by(node) for node in around)


def _bound_by(node: Any) -> set[Any]:
    """The letters that mean something else inside, also where SymPy counts them as free."""
    moved = node.args[1] if isinstance(node, sp.Subs) else own_letters(node)
    return node.atoms(sp.Symbol) - node.free_symbols | set(moved)
