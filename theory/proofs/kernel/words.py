"""Products of matrices of any size as words, sums of them as polynomials, rewritten by rules.

A word is a tuple of letters; the empty word is the identity. What stands between two joints of
dimension one is a number, and becomes a SymPy symbol: x'Hy in a word is the symbol <x' H y>, equal
to <y' H x> where H is symmetric.
"""

from itertools import product
from typing import Any

import sympy as sp

from theory.functions.covariances import diagonal_part

Word = tuple[Any, ...]
Polynomial = dict[Word, sp.Expr]
ONE: Word = ()


class Words:
    """The rules of some letters: which products are shorter, and which letters are symmetric."""

    def __init__(self) -> None:
        self.rules: dict[Word, Polynomial] = {}
        self.symmetric: set[Any] = set()
        self.semidefinite: set[Any] = set()  # symmetric, and x'Hx >= 0
        self.regular: set[Any] = set()  # columns that are not zero, matrices with an inverse
        self.products: dict[sp.Symbol, Word] = {}  # what the symbols of numbers stand for

    def rule(self, word: Word, image: Polynomial) -> None:
        """From now on ``word`` is ``image``, and its transpose is the transpose of it."""
        self.rules[word] = image
        self.rules[self.turned(word)] = self.turn(image)

    def add(self, *polynomials: Polynomial) -> Polynomial:
        """The sum."""
        total: Polynomial = {}
        for each in polynomials:
            for word, coefficient in each.items():
                total[word] = total.get(word, sp.Integer(0)) + coefficient
        return {word: coefficient for word, coefficient in total.items() if coefficient != 0}

    def scaled(self, number: Any, polynomial: Polynomial) -> Polynomial:
        """A multiple."""
        return self.add({word: number * coefficient for word, coefficient in polynomial.items()})

    def times(self, *polynomials: Polynomial) -> Polynomial:
        """The product, in this order."""
        total: Polynomial = {ONE: sp.Integer(1)}
        for each in polynomials:
            total = self.add(
                *(
                    self.tidy(first + second, total[first] * each[second])
                    for first, second in product(total, each)
                )
            )
        return total

    def turn(self, polynomial: Polynomial) -> Polynomial:
        """The transpose."""
        return self.add(*(self.tidy(self.turned(word), c) for word, c in polynomial.items()))

    def turned(self, word: Word) -> Word:
        """The transpose of a word."""
        return tuple(self.turned_letter(letter) for letter in reversed(word))

    def turned_letter(self, letter: Any) -> Any:
        """The transpose of a letter."""
        if letter in self.symmetric:
            return letter
        if isinstance(letter, sp.Transpose):
            return letter.arg
        return sp.Transpose(letter).doit()

    def tidy(self, word: Word, coefficient: Any) -> Polynomial:
        """A word rewritten as far as the rules go, its numbers taken out."""
        for start in range(len(word)):
            for end in range(start + 1, len(word) + 1):
                image = self.rules.get(word[start:end])
                if image is not None:
                    return self.add(
                        *(
                            self.tidy(word[:start] + middle + word[end:], coefficient * c)
                            for middle, c in image.items()
                        )
                    )
        kept: Word = ()
        start = 0
        for place, letter in enumerate(word):
            if letter.shape[1] == 1 or place == len(word) - 1:
                piece, start = word[start : place + 1], place + 1
                if piece[0].shape[0] == 1 and letter.shape[1] == 1:
                    coefficient = coefficient * self.number_of(piece)
                else:
                    kept += piece
        return {kept: coefficient}

    def number_of(self, word: Word) -> sp.Symbol:
        """The symbol of a word that is a number: the same for a word and its transpose."""
        word = min(word, self.turned(word), key=str)
        half = len(word) // 2
        mirrored = self.turned(word[:half]) == word[len(word) - half :]
        middle = word[half : len(word) - half]
        square = mirrored and all(letter in self.semidefinite for letter in middle)
        regular = all(letter in self.regular or letter.T in self.regular for letter in word)
        sign = {"positive" if regular else "nonnegative": True} if square else {}
        symbol = sp.Symbol("<" + " ".join(map(str, word)) + ">", real=True, **sign)
        self.products[symbol] = word
        return symbol

    def trace_of(self, word: Word, size: Any) -> Any:
        """The trace of a word: a number where it can be cut open, else a symbol."""
        if not word:
            return size
        if len(word) == 1 and isinstance(word[0], diagonal_part):  # the rest has no diagonal
            (whole,) = word[0].args
            return self.trace_of(whole.args if isinstance(whole, sp.MatMul) else (whole,), size)
        for place, letter in enumerate(word):
            if letter.shape[1] == 1:
                opened = self.tidy(word[place + 1 :] + word[: place + 1], sp.Integer(1))
                return self.only_number(opened)
        cycles = [w[i:] + w[:i] for w in (word, self.turned(word)) for i in range(len(w))]
        for cycle in cycles:  # a rule may apply across the cut
            tidied = self.tidy(cycle, sp.Integer(1))
            if tidied != {cycle: sp.Integer(1)}:
                return sp.Add(*(c * self.trace_of(w, cycle[0].shape[0]) for w, c in tidied.items()))
        least = min(cycles, key=lambda cycle: " ".join(map(str, cycle)))
        symbol = sp.Symbol(f"tr({' '.join(map(str, least))})", real=True)
        self.products[symbol] = least
        return symbol

    def only_number(self, polynomial: Polynomial) -> Any:
        """The coefficient of the empty word, which is all that there may be."""
        if set(polynomial) - {ONE}:
            raise NotImplementedError(f"a number is asked for, and this is a matrix: {polynomial}")
        return polynomial.get(ONE, sp.Integer(0))
