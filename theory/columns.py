"""Functions of columns that SymPy lacks, each with an exact and a NumPy meaning.

``inner(x, y)`` is the number x'y, ``length(x)`` the root of x'x; ``mean(x)`` and ``variance(x)``
are those of the entries of x, the variance over their number B, not B - 1; ``power_mean(x, k)`` is
the number (sum_b |x_b|^k / B)^(1/k), ``signed_power(x, k)`` the column of sign(x_b) |x_b|^k.
"""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from theory.constants import explicit


class inner(sp.Function):  # noqa: N801 (a SymPy function is written like a function)
    r"""``inner(a, b)`` is a'b, a real number, for two columns of one length.

    >>> inner(sp.Matrix([1, 2]), sp.Matrix([3, 4])).doit()
    11
    """

    nargs = 2
    is_real = True
    is_commutative = True  # SymPy would ask the columns, which as matrices are not

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


class mean(sp.Function):  # noqa: N801
    r"""The mean of the entries of a column."""

    nargs = 1
    is_real = True
    is_commutative = True

    def doit(self, **hints: Any) -> sp.Expr:
        x = _explicit(self.args[0].doit(**hints))
        return sum(x) / len(x) if isinstance(x, sp.MatrixBase) else self.func(x)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"\operatorname{{mean}}\left({printer.doprint(self.args[0])}\right){power}"


class variance(sp.Function):  # noqa: N801
    r"""The mean squared deviation of the entries of a column from their mean."""

    nargs = 1
    is_real = True
    is_nonnegative = True
    is_commutative = True

    def doit(self, **hints: Any) -> sp.Expr:
        x = _explicit(self.args[0].doit(**hints))
        if isinstance(x, sp.MatrixBase):
            middle = sum(x) / len(x)
            return sum((entry - middle) ** 2 for entry in x) / len(x)
        return self.func(x)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"\operatorname{{var}}\left({printer.doprint(self.args[0])}\right){power}"


class power_mean(sp.Function):  # noqa: N801
    r"""The k-th root of the mean k-th power of the absolute entries of a column."""

    nargs = 2
    is_real = True
    is_commutative = True

    def doit(self, **hints: Any) -> sp.Expr:
        x, k = _explicit(self.args[0].doit(**hints)), self.args[1].doit(**hints)
        if isinstance(x, sp.MatrixBase):
            return (sum(sp.Abs(entry) ** k for entry in x) / len(x)) ** (1 / k)
        return self.func(x, k)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        x, k = map(printer.doprint, self.args)
        return rf"M_{{{k}}}\left({x}\right){power}"


class signed_power(MatrixExpr):  # noqa: N801
    r"""The k-th powers of the absolute entries of a column, with the signs of the entries."""

    def __new__(cls, x: Any, k: Any) -> "signed_power":
        return super().__new__(cls, sp.sympify(x), sp.sympify(k))

    @property
    def shape(self) -> tuple[Any, Any]:
        return self.args[0].shape

    def doit(self, **hints: Any) -> Any:
        x, k = _explicit(self.args[0].doit(**hints)), self.args[1].doit(**hints)
        if isinstance(x, sp.MatrixBase):
            return x.applyfunc(lambda entry: sp.sign(entry) * sp.Abs(entry) ** k)
        return self.func(x, k)

    def _latex(self, printer: Any) -> str:
        x, k = map(printer.doprint, self.args)
        return rf"\operatorname{{sign}}\left({x}\right)\left|{x}\right|^{{{k}}}"

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"signed_power({', '.join(map(printer._print, self.args))})"


def _explicit(column: Any) -> Any:
    """``column`` entry by entry, where its letters have values."""
    if isinstance(column, MatrixExpr) and not column.free_symbols:
        return column.as_explicit()
    return column


def numpy_functions() -> dict[str, Any]:
    """What the names of this module mean to NumPy."""
    import numpy as np

    return {
        "mean": np.mean,
        "variance": np.var,
        "power_mean": lambda x, k: np.mean(np.abs(x) ** k) ** (1 / k),
        "signed_power": lambda x, k: np.sign(x) * np.abs(x) ** k,
    }
