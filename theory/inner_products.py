"""Inner products of columns as numbers (SymPy keeps them 1 x 1 matrices), ones, the identity."""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix


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
        a, b = (_explicit(argument.doit(**hints)) for argument in self.args)
        explicit = isinstance(a, sp.MatrixBase) and isinstance(b, sp.MatrixBase)
        return a.dot(b) if explicit else self.func(a, b)

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


class ones(OneMatrix):  # noqa: N801
    r"""A matrix of ones; of a stated size it evaluates to its entries."""

    def doit(self, **hints: Any) -> Any:
        return _explicit(self)

    def _eval_transpose(self) -> "ones":
        return ones(self.cols, self.rows)


class eye(sp.Identity):  # noqa: N801
    r"""The identity matrix, also for NumPy where its size is a letter."""

    def doit(self, **hints: Any) -> Any:
        return _explicit(self)

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"eye({printer._print(self.args[0])})"


def _explicit(matrix: Any) -> Any:
    stated = all(getattr(size, "is_Integer", True) for size in matrix.shape)
    return matrix.as_explicit() if stated else matrix
