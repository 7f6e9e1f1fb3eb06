"""The coordinates of a domain: letters and rules that a parameter's domain gives by itself.

A column whose entries are not all equal is y = m 1 + s e with s > 0, 1'e = 0 and e'e = B. A unit
vector has u'u = 1, an orthogonal matrix U'U = UU' = I, a symmetric one is its own transpose. An
invertible one has an inverse. A whole number of at least 2 is 2 + more. No rule comes from a claim.
"""

from typing import Any

import sympy as sp

from theory.domain import Array, Integer, Parameter, Real
from theory.functions.constants import ones
from theory.proofs.kernel.products import Products
from theory.proofs.kernel.words import ONE, Polynomial

NUMBER: Polynomial = {ONE: sp.Integer(1)}
SYMMETRIC = ("symmetric", "psd", "definite", "diagonal")
INVERTIBLE = ("invertible", "definite", "diagonal", "orthogonal")


class Coordinates(Products):
    """The letters of some parameters: their images and their rules."""

    def __init__(self, parameters: tuple[Parameter, ...]) -> None:
        super().__init__()
        self.images: dict[Any, Any] = {}
        self.kinds: dict[Any, str] = {}
        self.parameters = parameters
        for each in parameters:
            if isinstance(each.domain, Array):
                self.matrix(each.symbol, each.domain.kind)
            else:
                self.number_letter(each.symbol, each.domain)

    def number_letter(self, letter: sp.Symbol, domain: Real | Integer) -> None:
        """A number above or below what SymPy's assumptions can say."""
        name, low = str(letter), sp.nsimplify(domain.low) if domain.low > -sp.oo else None
        if isinstance(domain, Integer):
            if domain.low > 1:
                more = sp.Symbol(f"{name}_more", integer=True, nonnegative=True)
                self.images[letter] = domain.low + more
            return
        bounded = domain.high < sp.oo
        if low is not None and low > 0 and not bounded:
            sign = {"nonnegative": True} if domain.closed else {"positive": True}
            self.images[letter] = low + sp.Symbol(f"{name}_more", **sign)
        elif low is not None and bounded and not domain.closed:
            room = sp.Symbol(f"{name}_room", positive=True)  # low + (high - low)/(1 + room)
            self.images[letter] = low + (sp.nsimplify(domain.high) - low) / (1 + room)

    def matrix(self, letter: Any, kind: str) -> None:
        """A matrix or a column of a kind."""
        self.kinds[letter] = kind
        if kind == "varying":
            self.varying(letter)
        if kind == "unit" or kind in INVERTIBLE:
            self.regular.add(letter)
        if kind == "unit":
            self.rules[letter.T, letter] = NUMBER
        if kind in SYMMETRIC:
            self.symmetric.add(letter)
        if kind in ("psd", "definite"):
            self.semidefinite.add(letter)
        if kind == "orthogonal":
            self.rules[letter.T, letter] = self.rules[letter, letter.T] = NUMBER
        elif kind in INVERTIBLE:
            inverse = sp.Inverse(letter)
            self.rules[letter, inverse] = self.rules[inverse, letter] = NUMBER
            if kind in SYMMETRIC:
                self.symmetric.add(inverse)
            else:
                turned = sp.Inverse(letter).T
                self.rules[turned, letter.T] = self.rules[letter.T, turned] = NUMBER
            if kind == "definite":
                self.semidefinite.add(inverse)

    def varying(self, letter: Any) -> None:
        """A column whose entries are not all equal, by its mean, deviation and direction."""
        middle, size, way = self.spread(letter, {"positive": True})
        self.images[letter] = middle * self.ones(letter.shape[0]) + size * way

    def spread(self, column: Any, sign: dict[str, bool]) -> tuple[sp.Symbol, sp.Symbol, Any]:
        """Mean m, deviation s and direction e of a ``column`` m 1 + s e."""
        way = sp.MatrixSymbol(f"{column}_way", column.shape[0], 1)
        middle = sp.Symbol(f"m_{column}", real=True)
        size = sp.Symbol(f"s_{column}", **sign)
        one = self.ones(column.shape[0])
        self.rules[one.T, way] = self.rules[way.T, one] = {}
        self.rules[way.T, way] = {ONE: column.shape[0]}
        return middle, size, way

    def unit(self, letter: Any) -> None:
        """A letter of length 1 that is orthogonal to others: a ``direction``."""
        self.rules[letter.T, letter] = NUMBER
        for other in letter.across:
            self.rules[letter.T, other] = self.rules[other.T, letter] = {}

    def axis(self, letter: Any) -> None:
        """One of the columns of the identity: a one among zeros."""
        one = self.ones(letter.shape[0])
        self.rules[letter.T, letter] = NUMBER
        self.rules[one.T, letter] = self.rules[letter.T, one] = NUMBER

    def ones(self, size: Any) -> Any:
        """The column of ones, with 1'1 = size."""
        letter = ones(size, 1)
        self.rules[letter.T, letter] = {ONE: sp.sympify(size)}
        return letter

    def is_square(self, letter: Any) -> bool:
        """Whether a letter has as many rows as columns."""
        return letter.shape[0] == letter.shape[1]

    def inverse_letter(self, letter: Any) -> Any:
        """The inverse of a letter, with its rules."""
        if isinstance(letter, sp.Inverse):
            return letter.arg
        if isinstance(letter, sp.Transpose):
            return self.turned_letter(self.inverse_letter(letter.arg))
        if self.kinds.get(letter) == "orthogonal":
            return letter.T
        inverse = sp.Inverse(letter)
        if (letter, inverse) not in self.rules:
            self.rules[letter, inverse] = self.rules[inverse, letter] = NUMBER
            if letter in self.symmetric:
                self.symmetric.add(inverse)
            else:
                turned = self.turned_letter(inverse), self.turned_letter(letter)
                self.rules[turned] = self.rules[turned[::-1]] = NUMBER
        return inverse
