"""Heads of numbers that are defined by an equation.

``zero_of(Lambda(x, f))`` is the number x with f = 0, ``largest_zero_of(Lambda(x, f))`` the largest
such number. Where f is a column, it is zero for every value of its letters. ``at_the_zero(letter,
column, letters)`` is what a letter is where a column is zero, at the only values of the letters
that make it so.
"""

from typing import Any

from theory.functions.base import Number
from theory.functions.heads import Head


class zero_of(Head, Number):  # noqa: N801 (a SymPy function is written like a function)
    r"""The number for which a function is zero."""

    nargs = 1

    def doit(self, **hints: Any) -> Any:
        """Itself: SymPy asks every factor of a product of matrices."""
        return self

    @staticmethod
    def tex(function: str) -> str:
        return rf"\operatorname{{zero}}{function}"


class largest_zero_of(zero_of):  # noqa: N801
    r"""The largest number for which a function is zero."""

    def _sympystr(self, printer: Any) -> str:
        return f"largest_zero_of({printer.doprint(self.args[0])})"


class at_the_zero(Head, Number):  # noqa: N801
    r"""What a letter is where a column is zero: at the only values of several letters."""

    nargs = 3

    @staticmethod
    def tex(letter: str, column: str, letters: str) -> str:
        return rf"\left[{letters} : {column} = 0\right]_{{{letter}}}"
