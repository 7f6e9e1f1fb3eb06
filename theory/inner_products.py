"""Inner products of columns as numbers (SymPy keeps them 1 x 1 matrices)."""

from typing import Any

import sympy as sp

from theory.constants import explicit


class inner(sp.Function):  # noqa: N801 (a SymPy function is written like a function)
    r"""``inner(a, b)`` is a'b, a real number, for two columns of one length.

    >>> inner(sp.Matrix([1, 2]), sp.Matrix([3, 4])).doit()
    11
    """

    nargs = 2
    is_real = True

    def _eval_is_nonnegative(self) -> bool | None:
        return True if self.args[0] == self.args[1] else None

    def doit(self, **hints: Any) -> sp.Expr:
        a, b = (explicit(argument.doit(**hints)) for argument in self.args)
        stated = isinstance(a, sp.MatrixBase) and isinstance(b, sp.MatrixBase)
        return a.dot(b) if stated else self.func(a, b)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        a, b = map(printer.doprint, self.args)
        power = f"^{{{exp}}}" if exp else ""
        if a == b:
            twice = "2" if exp is None else rf"2 \cdot {exp}"
            return rf"\left\|{a}\right\|^{{{twice}}}"
        return rf"\left\langle {a}, {b} \right\rangle{power}"

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        a, b = map(printer._print, self.args)
        return f"sum(({a})*({b}))"


def length(column: Any) -> sp.Expr:
    """The Euclidean length of a column."""
    return sp.sqrt(inner(column, column))
