"""Letters for columns of length 1, and the angle between two columns.

``direction("w", N)`` is any column of N numbers of length 1, ``direction("d", N, w)`` any that is
orthogonal to w too. Like the sign of a number, the length of such a letter belongs to the letter.
"""

from typing import Any

import sympy as sp

from theory.functions.columns import inner, length


class direction(sp.MatrixSymbol):  # noqa: N801 (a SymPy function is written like a function)
    """Any column of length 1 that is orthogonal to the columns ``across``.

    >>> w = direction("w", sp.Symbol("N"))
    >>> w == direction("w", sp.Symbol("N")), w == sp.MatrixSymbol("w", sp.Symbol("N"), 1)
    (True, False)
    """

    across: tuple[Any, ...]

    def __new__(cls, name: Any, rows: Any, *across: Any) -> Any:
        letter = super().__new__(cls, name, rows, 1)
        letter.across = across
        return letter

    @property
    def func(self) -> Any:
        """What makes it anew from its arguments, for instance at another size."""
        mine = self.args[1]
        return lambda name, rows, columns: direction(
            name, rows, *(each.xreplace({mine: rows}) for each in self.across)
        )

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.across)


def angle(first: Any, second: Any) -> sp.Expr:
    """The angle between two columns."""
    return sp.acos(inner(first, second) / (length(first) * length(second)))
