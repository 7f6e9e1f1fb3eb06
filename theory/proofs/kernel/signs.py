"""The signs of numbers on a claim's whole domain."""

from typing import Any

import sympy as sp

from theory import symbols
from theory.domain import Integer
from theory.functions.columns import inner
from theory.proofs.kernel import equality

Kernel = Any  # theory.proofs.kernel.decide imports this file


def has_sign(kernel: Kernel, expression: Any, sign: str) -> bool:
    """Whether a number has the sign "is_positive" or "is_nonnegative" on the whole domain, as
    it stands, such as x'x, or in coordinates."""
    if getattr(sp.sympify(expression), sign):
        return True
    if equality.has_sign(with_sizes(kernel, kernel.number(expression)), sign):
        return True
    squares = {each: _squared_length(kernel, each) for each in sp.sympify(expression).atoms(inner)}
    kept = {each: letter for each, letter in squares.items() if letter is not None}
    if not kept:
        return False
    whole = kernel.number(sp.sympify(expression).xreplace(kept))
    return equality.has_sign(with_sizes(kernel, whole), sign)


def _squared_length(kernel: Kernel, product: inner) -> sp.Symbol | None:
    """A letter for a squared length as a whole; positive where a condition says that."""
    if product.args[0] != product.args[1]:
        return None
    name = f"|{kernel.key(kernel.polynomial(product.args[0]))}|^2"
    positive = sp.Gt(product, 0) in kernel.facts
    return sp.Symbol(name, **{"positive" if positive else "nonnegative": True})


def with_sizes(kernel: Kernel, number: Any) -> Any:
    """Sizes written as their least value and what is more: the claim's own and the house's."""
    images = {x: kernel.images[x] for x in number.free_symbols if x in kernel.images}
    for letter in number.free_symbols:
        domain = getattr(getattr(symbols, letter.name, None), "domain", None)
        if (
            letter not in images
            and letter not in kernel.own  # whose domain may be larger than the house's
            and isinstance(domain, Integer)
            and domain.low > 1
            and letter == domain.symbol(letter.name)
        ):
            more = sp.Symbol(f"{letter}_more", integer=True, nonnegative=True)
            images[letter] = domain.low + more
    return number.subs(images)
