"""Statistics of a column over its entries, each with an exact and a NumPy meaning.

``centred(y)`` is y less its mean, ``deviation(y, eps)`` the root of its variance plus eps, and
``standardised(y, eps)`` the first over the second. They stand in formulas by name.
"""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr


class deviation(sp.Function):  # noqa: N801 (a SymPy function is written like a function)
    r"""The root of a column's variance, of the mean over its entries, plus a number.

    >>> deviation(sp.Matrix([1, 3]), 0).doit()
    1
    """

    nargs = 2
    is_real = True
    is_nonnegative = True

    def doit(self, **hints: Any) -> sp.Expr:
        column, added = (argument.doit(**hints) for argument in self.args)
        if not isinstance(column, sp.MatrixBase):
            return self.func(column, added)
        away = _centred(column)
        return sp.sqrt(away.dot(away) / column.rows + added)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        column, added = self.args
        inside = printer.doprint(column)
        inside += "" if added == 0 else ", " + printer.doprint(added)
        power = f"^{{{exp}}}" if exp else ""
        return rf"\sigma\left({inside}\right){power}"

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        column, added = map(printer._print, self.args)
        return f"sqrt(var({column}) + ({added}))"


class centred(MatrixExpr):  # noqa: N801
    r"""A column less its mean."""

    def __new__(cls, *arguments: Any) -> Any:
        return super().__new__(cls, *map(sp.sympify, arguments))

    @property
    def shape(self) -> tuple[Any, Any]:
        shape: tuple[Any, Any] = self.args[0].shape
        return shape

    def doit(self, **hints: Any) -> Any:
        column = self.args[0].doit(**hints)
        return _centred(column) if isinstance(column, sp.MatrixBase) else self.func(column)

    def _entry(self, i: Any, j: Any, **kwargs: Any) -> Any:
        return self.doit()[i, j]

    def _latex(self, printer: Any) -> str:
        return rf"C {printer.parenthesize(self.args[0], 100)}"

    def _sympystr(self, printer: Any) -> str:
        return f"centred({printer.doprint(self.args[0])})"

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        column = printer._print(self.args[0])
        return f"(({column}) - mean({column}))"


class standardised(centred):  # noqa: N801
    r"""A column less its mean, over its ``deviation``."""

    def doit(self, **hints: Any) -> Any:
        column, added = (argument.doit(**hints) for argument in self.args)
        if not isinstance(column, sp.MatrixBase):
            return self.func(column, added)
        return _centred(column) / deviation(column, added).doit()

    def _latex(self, printer: Any) -> str:
        column, added = self.args
        below = "" if added == 0 else rf"_{{{printer.doprint(added)}}}"
        return rf"\widehat{{{printer.doprint(column)}}}{below}"

    def _sympystr(self, printer: Any) -> str:
        return f"standardised({', '.join(map(printer.doprint, self.args))})"

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        column, added = map(printer._print, self.args)
        return f"((({column}) - mean({column})) / sqrt(var({column}) + ({added})))"


def _centred(column: sp.MatrixBase) -> sp.MatrixBase:
    mean = sum(column) / column.rows
    return column.applyfunc(lambda entry: entry - mean)
