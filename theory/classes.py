"""Functions of the outputs of a classifier, and eigenvalues by rank, exact and for NumPy.

``softmax(z)`` are the probabilities exp(z_i)/sum_j exp(z_j), ``diagonal(p)`` is the matrix with p
on its diagonal, ``ranked(H, j)`` the j-th largest eigenvalue of a symmetric matrix.
"""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from theory.matrices import Eigenvalue


class softmax(MatrixExpr):  # noqa: N801 (a SymPy function is written like a function)
    r"""The probabilities exp(z_i)/sum_j exp(z_j) of a column z.

    >>> softmax(sp.Matrix([0, sp.log(3)])).doit()
    Matrix([
    [1/4],
    [3/4]])
    """

    def __new__(cls, column: Any) -> "softmax":
        return super().__new__(cls, sp.sympify(column))

    @property
    def shape(self) -> tuple[Any, Any]:
        rows, columns = self.args[0].shape
        return rows, columns

    def doit(self, **hints: Any) -> Any:
        column = self.args[0].doit(**hints)
        if not isinstance(column, sp.MatrixBase):
            return self.func(column)
        powers = column.applyfunc(sp.exp)
        return powers / sum(powers)

    def _latex(self, printer: Any) -> str:
        return rf"\operatorname{{softmax}}\left({printer.doprint(self.args[0])}\right)"

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"softmax({printer._print(self.args[0])})"


class diagonal(MatrixExpr):  # noqa: N801
    r"""The square matrix with a column on its diagonal.

    >>> diagonal(sp.Matrix([2, 3])).doit()
    Matrix([
    [2, 0],
    [0, 3]])
    """

    def __new__(cls, column: Any) -> "diagonal":
        return super().__new__(cls, sp.sympify(column))

    @property
    def shape(self) -> tuple[Any, Any]:
        rows = self.args[0].shape[0]
        return rows, rows

    def doit(self, **hints: Any) -> Any:
        column = self.args[0].doit(**hints)
        return sp.diag(*column) if isinstance(column, sp.MatrixBase) else self.func(column)

    def _eval_transpose(self) -> "diagonal":
        return self

    def _latex(self, printer: Any) -> str:
        return rf"\operatorname{{diag}}\left({printer.doprint(self.args[0])}\right)"

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"diagflat({printer._print(self.args[0])})"


class ranked(sp.Function):  # noqa: N801
    r"""The j-th largest eigenvalue of a symmetric matrix; minus infinity where it has fewer."""

    nargs = 2
    is_real = True

    def doit(self, **hints: Any) -> sp.Expr:
        matrix, rank = (each.doit(**hints) for each in self.args)
        if not (isinstance(matrix, sp.MatrixBase) and rank.is_Integer):
            return self.func(matrix, rank)
        return _of_rank(int(rank))(matrix)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        matrix, rank = map(printer.doprint, self.args)
        power = f"^{{{exp}}}" if exp else ""
        return rf"\lambda_{{{rank}}}\left({matrix}\right){power}"

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        matrix, rank = map(printer._print, self.args)
        return f"append(full({rank}, -inf), eigvalsh({matrix}))[-({rank})]"


def _of_rank(rank: int) -> type[Eigenvalue]:
    """The eigenvalue function of one rank."""

    def choose(values: list[Any]) -> Any:
        return values[-rank] if rank <= len(values) else float("-inf")

    return type(f"ranked_{rank}", (Eigenvalue,), {"choose": staticmethod(choose)})
