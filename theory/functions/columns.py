"""Functions of columns that SymPy lacks.

Numbers: ``inner(x, y)`` is x'y, ``length(x)`` the root of x'x, ``mean(x)`` and ``variance(x)`` are
those of the entries (the variance over their number B, not B - 1), ``deviation(x, eps)`` is the
root of the variance plus eps, ``power_mean(x, k)`` is (sum_b |x_b|^k / B)^(1/k), and
``largest_size(x)`` is the largest of the |x_b|.
Columns: ``signed_power(x, k)`` has the entries sign(x_b) |x_b|^k, ``standardised(x, eps)`` is x
less its mean over its deviation, ``softmax(z)`` has the entries exp(z_i)/sum_j exp(z_j), and
``log_sum_exp(z)`` is the number log(sum_j exp(z_j)).
``diagonal(p)`` is the matrix with p on its diagonal.
"""

from typing import Any

import numpy as np
import sympy as sp

from theory.functions.base import Matrix, Number
from theory.functions.matrices import centred


class inner(Number):  # noqa: N801 (a SymPy function is written like a function)
    r"""``inner(a, b)`` is a'b, for two columns of one length.

    >>> inner(sp.Matrix([1, 2]), sp.Matrix([3, 4])).doit()
    11
    """

    nargs = 2

    def _eval_is_nonnegative(self) -> bool | None:
        return True if self.args[0] == self.args[1] else None

    @staticmethod
    def exact(a: Any, b: Any) -> sp.Expr:
        return a.dot(b)

    @staticmethod
    def numeric(a: Any, b: Any) -> Any:
        return np.sum(a * b)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        a, b = self._printed(printer)
        alike = rf"\left\lVert {a} \right\rVert^{{2}}"
        shown = alike if a == b else rf"\left\langle {a}, {b} \right\rangle"
        return str(printer._do_exponent(shown, exp))


def length(column: Any) -> sp.Expr:
    """The Euclidean length of a column."""
    return sp.sqrt(inner(column, column))


class mean(Number):  # noqa: N801
    r"""The mean of the entries of a column."""

    nargs = 1

    @staticmethod
    def exact(x: Any) -> sp.Expr:
        return sum(x) / len(x)

    @staticmethod
    def numeric(x: Any) -> Any:
        return np.mean(x)


class variance(Number):  # noqa: N801
    r"""The mean squared deviation of the entries of a column from their mean."""

    nargs = 1
    is_nonnegative = True

    @staticmethod
    def exact(x: Any) -> sp.Expr:
        middle = sum(x) / len(x)
        return sum((entry - middle) ** 2 for entry in x) / len(x)

    @staticmethod
    def numeric(x: Any) -> Any:
        return np.var(x)

    @staticmethod
    def tex(x: str) -> str:
        return rf"\operatorname{{var}}\left({x}\right)"


class deviation(Number):  # noqa: N801
    r"""The root of a column's variance plus a number.

    >>> deviation(sp.Matrix([1, 3]), 0).doit()
    1
    """

    nargs = 2
    is_nonnegative = True

    @staticmethod
    def exact(x: Any, eps: Any) -> sp.Expr:
        return sp.sqrt(variance.exact(x) + eps)

    @staticmethod
    def numeric(x: Any, eps: Any) -> Any:
        return np.sqrt(np.var(x) + eps)

    @staticmethod
    def tex(x: str, eps: str) -> str:
        return rf"\sigma\left({x if eps == '0' else f'{x}, {eps}'}\right)"


class power_mean(Number):  # noqa: N801
    r"""The k-th root of the mean k-th power of the absolute entries of a column."""

    nargs = 2

    @staticmethod
    def exact(x: Any, k: Any) -> sp.Expr:
        return (sum(sp.Abs(entry) ** k for entry in x) / len(x)) ** (1 / k)

    @staticmethod
    def numeric(x: Any, k: Any) -> Any:
        return np.mean(np.abs(x) ** k) ** (1 / k)

    @staticmethod
    def tex(x: str, k: str) -> str:
        return rf"M_{{{k}}}\left({x}\right)"


class largest_size(Number):  # noqa: N801
    r"""The largest of the absolute entries of a column.

    >>> largest_size(sp.Matrix([2, -3])).doit()
    3
    """

    nargs = 1
    is_nonnegative = True

    @staticmethod
    def exact(x: Any) -> sp.Expr:
        return sp.Max(*map(sp.Abs, x))

    @staticmethod
    def numeric(x: Any) -> Any:
        return np.max(np.abs(x))

    @staticmethod
    def tex(x: str) -> str:
        return rf"\left\lVert {x} \right\rVert_{{\infty}}"


class signed_power(Matrix):  # noqa: N801
    r"""The k-th powers of the absolute entries of a column, with the signs of the entries."""

    reaches = True

    @staticmethod
    def exact(x: Any, k: Any) -> Any:
        return x.applyfunc(lambda entry: sp.sign(entry) * sp.Abs(entry) ** k)

    @staticmethod
    def numeric(x: Any, k: Any) -> Any:
        return np.sign(x) * np.abs(x) ** k

    @staticmethod
    def tex(x: str, k: str) -> str:
        return rf"\operatorname{{sign}}\left({x}\right)\left|{x}\right|^{{{k}}}"


class standardised(Matrix):  # noqa: N801
    r"""A column less its mean, over its ``deviation``."""

    @staticmethod
    def exact(x: Any, eps: Any) -> Any:
        return centred.exact(x) / deviation.exact(x, eps)

    @staticmethod
    def numeric(x: Any, eps: Any) -> Any:
        return (x - np.mean(x)) / np.sqrt(np.var(x) + eps)

    @staticmethod
    def tex(x: str, eps: str) -> str:
        return r"\operatorname{BN}" + ("" if eps == "0" else f"_{{{eps}}}") + rf"\left({x}\right)"


class softmax(Matrix):  # noqa: N801
    r"""The probabilities exp(z_i)/sum_j exp(z_j) of a column z.

    >>> softmax(sp.Matrix([0, sp.log(3)])).doit()
    Matrix([
    [1/4],
    [3/4]])
    """

    @staticmethod
    def exact(z: Any) -> Any:
        powers = z.applyfunc(sp.exp)
        return powers / sum(powers)

    @staticmethod
    def numeric(z: Any) -> Any:
        powers = np.exp(z - np.max(z))
        return powers / np.sum(powers)


class log_sum_exp(Number):  # noqa: N801
    r"""The logarithm of the sum of the powers exp(z_i) of a column.

    >>> log_sum_exp(sp.Matrix([0, sp.log(3)])).doit()
    log(4)
    """

    reaches = True

    nargs = 1

    @staticmethod
    def exact(z: Any) -> sp.Expr:
        return sp.log(sum(z.applyfunc(sp.exp)))

    @staticmethod
    def numeric(z: Any) -> Any:
        top = np.max(z)
        return top + np.log(np.sum(np.exp(z - top)))

    def _in_tex(self, printer: Any) -> str:
        z = printer.parenthesize_super(printer.doprint(self.args[0]))
        return rf"\ln \sum_{{i}} e^{{{z}_{{i}}}}"


class diagonal(Matrix):  # noqa: N801
    r"""The square matrix with a column on its diagonal.

    >>> diagonal(sp.Matrix([2, 3])).doit()
    Matrix([
    [2, 0],
    [0, 3]])
    """

    @property
    def shape(self) -> tuple[Any, Any]:
        """Square, of the length of the column."""
        rows = self.args[0].shape[0]
        return rows, rows

    @staticmethod
    def exact(p: Any) -> Any:
        return sp.diag(*p)

    @staticmethod
    def numeric(p: Any) -> Any:
        return np.diagflat(p)

    def _eval_transpose(self) -> "diagonal":
        return self

    @staticmethod
    def tex(p: str) -> str:
        return rf"\operatorname{{diag}}\left({p}\right)"
