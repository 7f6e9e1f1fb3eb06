"""Inverses as letters with rules: of a product letter by letter, of a sum as one letter."""

from typing import Any

import sympy as sp

from theory.proofs.kernel import structure
from theory.proofs.kernel.products import Paired
from theory.proofs.kernel.words import ONE, Polynomial

Kernel = Any  # theory.proofs.kernel.decide imports this file


def inverse(kernel: Kernel, matrix: Any) -> Polynomial:
    """The inverse: of a product letter by letter, of a sum as a letter with a rule."""
    polynomial = kernel.polynomial(matrix)
    if set(polynomial) == {ONE}:
        return {ONE: 1 / polynomial[ONE]}
    if len(polynomial) == 1:
        ((word, coefficient),) = polynomial.items()
        if len(word) == 1 and isinstance(word[0], Paired):
            factored = structure.inverse_of_product(kernel, word[0])
            if factored is not None:
                return kernel.scaled(1 / coefficient, factored)
        if all(kernel.is_square(letter) for letter in word):
            letters = tuple(kernel.inverse_letter(letter) for letter in reversed(word))
            return kernel.tidy(letters, 1 / coefficient)
    return _of_sum(kernel, polynomial, matrix.shape)


def _of_sum(kernel: Kernel, polynomial: Polynomial, shape: tuple[Any, Any]) -> Polynomial:
    """A letter Q for the inverse of M = c w + rest: the rules w Q = (1 - rest Q)/c and
    Q w = (1 - Q rest)/c, with w the longest word of M."""
    key = kernel.key(polynomial)
    letter = kernel.made(sp.MatrixSymbol(f"({key})^-1", *shape), polynomial)
    leading = max(polynomial, key=lambda word: (len(word), str(word)))
    if (*leading, letter) not in kernel.rules:
        if kernel.key(kernel.turn(polynomial)) == key:
            kernel.symmetric.add(letter)
        first = polynomial[leading]
        rest = {word: c for word, c in polynomial.items() if word != leading}
        after = kernel.add({ONE: 1 / first}, {(*w, letter): -c / first for w, c in rest.items()})
        before = kernel.add({ONE: 1 / first}, {(letter, *w): -c / first for w, c in rest.items()})
        kernel.rules[(*leading, letter)] = after
        kernel.rules[(letter, *leading)] = before
    return {(letter,): sp.Integer(1)}
