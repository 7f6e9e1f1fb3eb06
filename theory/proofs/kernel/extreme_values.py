"""Extreme eigenvalues as letters, and the larger of some numbers."""

from typing import Any

import sympy as sp

from theory.functions.eigenvalues import largest, smallest, smallest_positive
from theory.proofs.kernel import equality
from theory.proofs.kernel.words import Polynomial

Kernel = Any  # theory.proofs.kernel.decide imports this file
EXTREMES = (largest, smallest, smallest_positive)


def of_numbers(kernel: Kernel, numbers: list[Any], head: Any) -> Any:
    """The largest or the smallest of some numbers, where their signs tell which it is."""
    sign = 1 if head is sp.Max else -1
    for one in numbers:
        if all(kernel.nonnegative(sign * (one - other)) for other in numbers if other != one):
            return one
    return head(*numbers)


def eigenvalue(kernel: Kernel, e: Any) -> Any:
    """An extreme eigenvalue of a symmetric matrix: smallest = low, largest = low + room."""
    polynomial = kernel.polynomial(e.args[0])
    if len(polynomial) == 1:
        ((word, coefficient),) = polynomial.items()
        if coefficient != 1 and equality.has_sign(coefficient, "is_positive"):
            return coefficient * _without_factor(kernel, e, {word: sp.Integer(1)})
    return _without_factor(kernel, e, polynomial)


def _without_factor(kernel: Kernel, e: Any, polynomial: Polynomial) -> Any:
    """The same of a matrix without a factor."""
    key = kernel.key(polynomial)
    plain = list(polynomial.values()) == [1]  # no factor, which might be negative
    word = next(iter(polynomial)) if plain else ()
    kind = kernel.kinds.get(word[0], "") if len(word) == 1 else ""
    half = len(word) // 2
    if word and len(word) % 2 == 0 and kernel.turned(word[:half]) == word[half:]:
        kind = "psd"  # a product of a matrix with its transpose
    sign = {"definite": {"positive": True}, "psd": {"nonnegative": True}}.get(kind, {"real": True})
    room = kernel.made(sp.Symbol(f"room({key})", nonnegative=True), polynomial)
    if kernel.by_positive and kind in ("psd", "definite"):
        sure = kernel.not_zero or kind == "definite" or _stated_not_zero(kernel, key)
        known = {"positive" if sure else "nonnegative": True}
        low = kernel.made(sp.Symbol(f"lowest({key})", **known), polynomial)
        if isinstance(e, smallest) and kind == "psd":
            return kernel.made(sp.Symbol(f"low({key})", nonnegative=True), polynomial)
    else:
        low = kernel.made(sp.Symbol(f"low({key})", **sign), polynomial)
    return low + room if isinstance(e, largest) else low


def _stated_not_zero(kernel: Kernel, key: str) -> bool:
    """Whether a condition says that the largest eigenvalue of a matrix is above 0."""
    return any(
        isinstance(fact, sp.StrictGreaterThan)
        and isinstance(fact.lhs, largest)
        and fact.rhs == 0
        and kernel.key(kernel.polynomial(fact.lhs.args[0])) == key
        for fact in kernel.facts
    )
