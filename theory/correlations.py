"""Parts of a covariance matrix, each with an exact and a NumPy meaning.

``diagonal(Sigma)`` keeps the variances, ``correlation(Sigma)`` divides by standard deviations,
``largest_correlation(Sigma)`` is the largest |correlation| of two inputs, 0 of a single one, and
``nonzeros(M)`` counts the entries that are not zero.
"""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr


class _OfMatrix(MatrixExpr):
    """A symmetric matrix made of a symmetric matrix of the same size."""

    latex_name = ""

    def __new__(cls, matrix: Any) -> Any:
        return super().__new__(cls, sp.sympify(matrix))

    @property
    def shape(self) -> tuple[Any, Any]:
        found: tuple[Any, Any] = self.args[0].shape
        return found

    def doit(self, **hints: Any) -> Any:
        matrix = self.args[0].doit(**hints)
        return self.explicit(matrix) if isinstance(matrix, sp.MatrixBase) else self.func(matrix)

    def _eval_transpose(self) -> Any:
        return self

    def _latex(self, printer: Any) -> str:
        return rf"{self.latex_name}\left({printer.doprint(self.args[0])}\right)"

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({printer.doprint(self.args[0])})"

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"{type(self).__name__}_({printer._print(self.args[0])})"

    @staticmethod
    def explicit(matrix: sp.MatrixBase) -> sp.MatrixBase:
        raise NotImplementedError


class diagonal(_OfMatrix):  # noqa: N801 (a SymPy function is written like a function)
    r"""The matrix with zeros off the diagonal."""

    latex_name = r"\operatorname{diag}"

    @staticmethod
    def explicit(matrix: sp.MatrixBase) -> sp.MatrixBase:
        return sp.ImmutableMatrix(sp.diag(*matrix.diagonal()))


class correlation(_OfMatrix):  # noqa: N801
    r"""Each entry over the standard deviations of its row and of its column."""

    latex_name = r"\operatorname{corr}"

    @staticmethod
    def explicit(matrix: sp.MatrixBase) -> sp.MatrixBase:
        return sp.ImmutableMatrix(
            *matrix.shape, lambda i, j: matrix[i, j] / sp.sqrt(matrix[i, i] * matrix[j, j])
        )


class _NumberOf(sp.Function):
    """A number made of a matrix."""

    nargs = 1
    is_real = True
    is_nonnegative = True

    def doit(self, **hints: Any) -> Any:
        matrix = self.args[0]
        matrix = matrix.doit(**hints) if hasattr(matrix, "doit") else matrix
        return self.explicit(matrix) if isinstance(matrix, sp.MatrixBase) else self.func(matrix)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        name = type(self).__name__.replace("_", r"\ ")
        return rf"\operatorname{{{name}}}\left({printer.doprint(self.args[0])}\right){power}"

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({printer.doprint(self.args[0])})"

    @staticmethod
    def explicit(matrix: sp.MatrixBase) -> sp.Expr:
        raise NotImplementedError


class largest_correlation(_NumberOf):  # noqa: N801
    r"""The largest |correlation| of two of the inputs."""

    @staticmethod
    def explicit(matrix: sp.MatrixBase) -> sp.Expr:
        entries = correlation.explicit(matrix)
        pairs = [abs(entries[i, j]) for i in range(matrix.rows) for j in range(i)]
        return sp.Max(0, *pairs)


class nonzeros(_NumberOf):  # noqa: N801
    r"""How many entries of a matrix are not zero."""

    is_integer = True

    @staticmethod
    def explicit(matrix: sp.MatrixBase) -> sp.Expr:
        return sp.Integer(sum(entry != 0 for entry in matrix))


def numpy_functions() -> dict[str, Any]:
    """What the names of this module mean to NumPy; a matrix's are marked, for NumPy has its own."""
    import numpy as np

    def correlations(matrix: Any) -> Any:
        deviations = np.sqrt(np.diag(matrix))
        found = matrix / np.outer(deviations, deviations)
        np.fill_diagonal(found, 1)
        return found

    return {
        "diagonal_": lambda matrix: np.diag(np.diag(matrix)),
        "correlation_": correlations,
        "largest_correlation": lambda matrix: np.max(abs(np.tril(correlations(matrix), -1))),
        "nonzeros": np.count_nonzero,
    }
