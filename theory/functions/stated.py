"""More heads: Jacobians, ranks and minima, which a definition asks for and no function computes.

``jacobian(value, at)`` has the derivatives of the column ``value`` in the column ``at``;
``rank(M)`` is the rank of a matrix; ``argmin(letter, value, letters)`` is what ``letter`` is where
``value`` is least over all ``letters``.
"""

from typing import Any

from theory.functions.base import Matrix, Number
from theory.functions.heads import Head


class jacobian(Head, Matrix):  # noqa: N801 (a SymPy function is written like a function)
    r"""The matrix of the derivatives of a column, one row per entry, in another."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """As many rows as the value has, as many columns as there are letters."""
        return self.args[0].shape[0], self.args[1].shape[0]

    @staticmethod
    def tex(value: str, at: str) -> str:
        return rf"\frac{{\partial}}{{\partial {at}}}\, {value}"


class rank(Head, Number):  # noqa: N801
    r"""The rank of a matrix."""

    nargs = 1
    is_integer = True
    is_nonnegative = True


class argmin(Head, Number):  # noqa: N801
    r"""What a letter is where a value is least over several letters."""

    nargs = 3

    @staticmethod
    def tex(letter: str, value: str, letters: str) -> str:
        return rf"\left[\operatorname{{argmin}}_{{{letters}}}\, {value}\right]_{{{letter}}}"
