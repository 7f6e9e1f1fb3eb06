"""Heads of chance: what is asked of random letters, whose laws a chain states.

``E(value)`` is a mean, ``means(M)`` the matrix of the means of M's entries, ``Var(value)`` a
variance and ``Prob(event)`` a probability, over every random letter inside (``theory.laws``).
"""

from typing import Any

import sympy as sp

from theory.functions.base import Matrix, Number
from theory.functions.heads import Head


class OfChance(Head, Number):
    """A number that only the laws of random letters tell."""

    nargs = 1

    def doit(self, **hints: Any) -> Any:
        """Itself: no law is known here."""
        return self

    def _eval_evalf(self, prec: int) -> None:
        """No number: else SymPy would take mpmath's constant of the same name, such as E."""


class E(OfChance):
    r"""The mean of a value."""

    @staticmethod
    def tex(value: str) -> str:
        return rf"\operatorname{{E}}\left[{value}\right]"


class Var(OfChance):
    r"""The variance of a value."""

    is_nonnegative = True

    @staticmethod
    def tex(value: str) -> str:
        return rf"\operatorname{{Var}}\left[{value}\right]"


class Prob(OfChance):
    r"""The probability of an event."""

    is_nonnegative = True

    @staticmethod
    def tex(event: str) -> str:
        return rf"\operatorname{{P}}\left[{event}\right]"


class means(Head, Matrix):  # noqa: N801 (a SymPy function is written like a function)
    r"""The matrix of the means of a random matrix's entries."""

    def doit(self, **hints: Any) -> Any:
        """Itself: no law is known here."""
        return self

    def _eval_transpose(self) -> Any:
        return self.func(self.args[0].T)

    @staticmethod
    def tex(matrix: str) -> str:
        return rf"\operatorname{{E}}\left[{matrix}\right]"


class copies(Head, Matrix):  # noqa: N801 (a SymPy function is written like a function)
    r"""A column of independent copies of a random value, so many as its second argument says.

    Entry i of ``copies(f, n)`` and of ``copies(g, n)`` are f and g of the same draw; other letters
    are independent of them.
    """

    @property
    def shape(self) -> tuple[Any, Any]:
        """A column."""
        return self.args[1], sp.Integer(1)

    def doit(self, **hints: Any) -> Any:
        """Itself: no law is known here."""
        return self

    @staticmethod
    def tex(value: str, count: str) -> str:
        return rf"\left({value}\right)_{{1 \ldots {count}}}"
