"""Kronecker products, stacked columns and blocks, as letters of words.

``A (x) S`` is one letter, ``Paired``, whose two sides are words; neighbours multiply side by side,
(A (x) S)(B (x) T) = AB (x) ST. ``vec W`` is a letter too, ``Stacked``: (A (x) S) vec W is
vec(S W A'). A block matrix is a sum of words that start and end with ``Part``: its block i, j is
between E_i and E_j', where E_i, the columns of the identity of one part, has E_i'E_j = 0 or I.
"""

from itertools import product
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from theory.proofs.kernel.words import ONE, Polynomial, Word, Words

Shape = tuple[Any, Any]


class Paired(MatrixExpr):
    """The Kronecker product of two words of stated shapes."""

    def __new__(cls, first: Any, second: Any, shapes: Any) -> Any:
        return super().__new__(cls, sp.Tuple(*first), sp.Tuple(*second), sp.Tuple(*shapes))

    @property
    def shapes(self) -> tuple[Shape, Shape]:
        """Those of the two words."""
        a, b, c, d = self.args[2].args
        return (a, b), (c, d)

    @property
    def shape(self) -> Shape:
        """The products of both shapes."""
        (a, b), (c, d) = self.shapes
        return a * c, b * d

    def _sympystr(self, printer: Any) -> str:
        sides = (" ".join(map(printer.doprint, each.args)) or "I" for each in self.args[:2])
        return f"({' (x) '.join(sides)})"


class Stacked(MatrixExpr):
    """The columns of a word of a stated shape, one below the other."""

    def __new__(cls, word: Any, shape: Any) -> Any:
        return super().__new__(cls, sp.Tuple(*word), sp.Tuple(*shape))

    @property
    def shape(self) -> Shape:
        """A column of all entries."""
        rows, columns = self.args[1].args
        return rows * columns, sp.Integer(1)

    def _sympystr(self, printer: Any) -> str:
        return f"vec({' '.join(map(printer.doprint, self.args[0].args)) or 'I'})"


class Part(sp.MatrixSymbol):
    """The columns of the identity that belong to one part of a column."""


class Products(Words):
    """Words in which Kronecker products, stacked columns and blocks multiply."""

    def tidy(self, word: Word, coefficient: Any) -> Polynomial:
        """A word rewritten as far as products and rules go, its numbers taken out."""
        for place in range(len(word) - 1):
            joined = self.joined(word[place], word[place + 1])
            if joined is not None:
                before, after = word[:place], word[place + 2 :]
                return self.add(
                    *(
                        self.tidy(before + middle + after, coefficient * c)
                        for middle, c in joined.items()
                    )
                )
        return super().tidy(word, coefficient)

    def turned_letter(self, letter: Any) -> Any:
        """The transpose of a letter."""
        if isinstance(letter, Paired):
            (a, b), (c, d) = letter.shapes
            first, second = (self.turned(each.args) for each in letter.args[:2])
            return Paired(first, second, (b, a, d, c))
        if isinstance(letter, Stacked):
            return sp.Transpose(letter)
        return super().turned_letter(letter)

    def trace_of(self, word: Word, size: Any) -> Any:
        """The trace of a word; of a Kronecker product it is the product of both."""
        if len(word) == 1 and isinstance(word[0], Paired):
            shapes = word[0].shapes
            if all(rows == columns for rows, columns in shapes):
                first, second = (each.args for each in word[0].args[:2])
                return self.trace_of(first, shapes[0][0]) * self.trace_of(second, shapes[1][0])
        return super().trace_of(word, size)

    # -- two neighbours -----------------------------------------------------------------------

    def joined(self, a: Any, b: Any) -> Polynomial | None:
        """The product of two neighbours where it is one letter; None where it stays two."""
        if isinstance(b, Stacked):
            if isinstance(a, Paired):
                return self._times_stacked(a, b)
            if isinstance(a, sp.Transpose) and isinstance(a.arg, Stacked):
                return self._inner(a.arg, b)
        if isinstance(a, sp.Transpose) and isinstance(a.arg, Stacked) and isinstance(b, Paired):
            turned = self._times_stacked(self.turned_letter(b), a.arg)
            return None if turned is None else self.turn(turned)
        if isinstance(a, Paired) and isinstance(b, Paired):
            return self._side_by_side(a, b)
        if isinstance(a, Paired) and _plain(b):
            return self._before(a, b)
        if isinstance(b, Paired) and _plain(a):
            turned = self._before(self.turned_letter(b), self.turned_letter(a))
            return None if turned is None else self.turn(turned)
        return None

    def _side_by_side(self, a: Paired, b: Paired) -> Polynomial | None:
        pairs = list(zip(a.shapes, b.shapes, strict=True))
        if any(left[1] != right[0] for left, right in pairs):
            return None
        first, second = (
            self.tidy(a.args[i].args + b.args[i].args, sp.Integer(1)) for i in range(2)
        )
        shapes = [(left[0], right[1]) for left, right in pairs]
        return self.paired(first, second, shapes[0], shapes[1])

    def _before(self, a: Paired, plain: Any) -> Polynomial | None:
        """A Kronecker product one side of which is a column, times what has one factor."""
        (r, c), (rows, columns) = a.shapes
        first, second = (each.args for each in a.args[:2])
        if c == columns == 1:
            return None
        one = sp.Integer(1)
        if c == 1 and columns == plain.shape[0]:
            after = self.tidy((*second, plain), one)
            return self.paired({first: one}, after, (r, c), (rows, plain.shape[1]))
        if columns == 1 and c == plain.shape[0]:
            after = self.tidy((*first, plain), one)
            return self.paired(after, {second: one}, (r, plain.shape[1]), (rows, columns))
        return None

    def _times_stacked(self, a: Paired, b: Stacked) -> Polynomial | None:
        (left, across), (rows, columns) = a.shapes
        if b.args[1].args != (columns, across):
            return None
        word = a.args[1].args + b.args[0].args + self.turned(a.args[0].args)
        return self.stacked(self.tidy(word, sp.Integer(1)), (rows, left))

    def _inner(self, a: Stacked, b: Stacked) -> Polynomial | None:
        """The trace of A'B."""
        if a.args[1] != b.args[1]:
            return None
        terms = self.tidy(self.turned(a.args[0].args) + b.args[0].args, sp.Integer(1))
        size = a.args[1].args[1]
        return {ONE: sp.Add(*(c * self.trace_of(word, size) for word, c in terms.items()))}

    # -- polynomials --------------------------------------------------------------------------

    def paired(
        self, first: Polynomial, second: Polynomial, shape: Shape, other: Shape
    ) -> Polynomial:
        """The Kronecker product of polynomials of the two shapes."""
        return self.add(
            *(
                {self._pair(a, b, shape, other): first[a] * second[b]}
                for a, b in product(first, second)
            )
        )

    def _pair(self, a: Word, b: Word, shape: Shape, other: Shape) -> Word:
        """The word of a (x) b; a column and a row, or a number, are an ordinary product."""
        if shape[1] == other[0] == 1:
            return a + b
        if shape[0] == other[1] == 1 or shape == (1, 1) or other == (1, 1):
            return b + a
        if a == b == ONE:
            return ONE
        return (Paired(a, b, (*shape, *other)),)

    def stacked(self, polynomial: Polynomial, shape: Shape) -> Polynomial:
        """The columns of a polynomial of a shape, one below the other."""
        return self.add(*({self._stack(word, shape): c} for word, c in polynomial.items()))

    def _stack(self, word: Word, shape: Shape) -> Word:
        if shape[1] == 1:
            return word
        if shape[0] == 1:
            return self.turned(word)
        for place, letter in enumerate(word):
            if letter.shape[1] == 1:  # vec(fa') = a (x) f
                a, f = self.turned(word[place + 1 :]), word[: place + 1]
                return self._pair(a, f, (shape[1], sp.Integer(1)), (shape[0], sp.Integer(1)))
        return (Stacked(word, shape),)

    def part(self, sizes: tuple[Any, ...], place: int) -> Polynomial:
        """E of one part of a column that is cut into ``sizes``."""
        if len(sizes) == 1:
            return {ONE: sp.Integer(1)}
        letters = [Part(f"E{i}{sizes}", sum(sizes), size) for i, size in enumerate(sizes)]
        *others, last = letters
        if (last, last.T) not in self.rules:
            for a, b in product(letters, letters):
                self.rules[a.T, b] = {ONE: sp.Integer(1)} if a == b else {}
            rest = {(each, each.T): sp.Integer(-1) for each in others}
            self.rules[last, last.T] = {ONE: sp.Integer(1), **rest}
        return {(letters[place],): sp.Integer(1)}

    def blocks(self, rows: list[list[Polynomial]], heights: Any, widths: Any) -> Polynomial:
        """A block matrix."""
        heights, widths = tuple(heights), tuple(widths)
        return self.add(
            *(
                self.times(self.part(heights, i), block, self.turn(self.part(widths, j)))
                for i, row in enumerate(rows)
                for j, block in enumerate(row)
            )
        )


def _plain(letter: Any) -> bool:
    """Whether a letter is neither a Kronecker product nor the edge of a block."""
    inside = letter.arg if isinstance(letter, sp.Transpose) else letter
    return not isinstance(inside, (Paired, Part))
