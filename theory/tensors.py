"""Functions that make matrices of matrices, each with an exact and a NumPy meaning.

``kron(A, S)`` is the Kronecker product, blocks A_ij S; ``vec(W)`` stacks the columns of W;
``khatri_rao(X, D)`` has the columns x_u (x) d_u; ``squares(K)`` has the squared entries,
``centred(K)`` the entries less the mean of their column; ``stack(a, b)`` puts a above b;
``eigenvalues(A)`` is the column of all eigenvalues of a symmetric matrix in ascending order, and
``ascending(a)`` a column sorted.
"""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from theory.matrices import Eigenvalue


class MatrixFunction(MatrixExpr):
    """A function of matrices whose value is a matrix, evaluated where its arguments are numbers."""

    latex_name = ""

    def __new__(cls, *matrices: Any) -> "MatrixFunction":
        return super().__new__(cls, *map(sp.sympify, matrices))

    @staticmethod
    def explicit(*matrices: sp.Matrix) -> sp.Matrix:
        """The value at matrices of numbers."""
        raise NotImplementedError

    def doit(self, **hints: Any) -> Any:
        arguments = [argument.doit(**hints) for argument in self.args]
        sizes = [sp.sympify(size) for each in arguments for size in each.shape]
        if not all(size.is_Integer for size in sizes):
            return self.func(*arguments)
        found = [sp.Matrix(each) for each in arguments]
        if any(each.atoms(sp.MatrixSymbol) for each in found):
            return self.func(*arguments)
        return sp.ImmutableMatrix(self.explicit(*found))

    def _entry(self, i: Any, j: Any, **hints: Any) -> Any:
        value = self.doit()
        if isinstance(value, sp.MatrixBase):
            return value[i, j]
        return sp.matrices.expressions.matexpr.MatrixElement(self, i, j)

    def _latex(self, printer: Any) -> str:
        inside = ", ".join(map(printer.doprint, self.args))
        name = self.latex_name or rf"\operatorname{{{type(self).__name__}}}"
        return rf"{name}\left({inside}\right)"

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({', '.join(map(printer.doprint, self.args))})"

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"{type(self).__name__}({', '.join(map(printer._print, self.args))})"


class kron(MatrixFunction):  # noqa: N801 (a function of matrices is written like a function)
    r"""The Kronecker product: the matrix of blocks A_ij S."""

    @property
    def shape(self) -> tuple[Any, Any]:
        (rows, columns), (inner_rows, inner_columns) = self.args[0].shape, self.args[1].shape
        return rows * inner_rows, columns * inner_columns

    @staticmethod
    def explicit(*matrices: sp.Matrix) -> sp.Matrix:
        return sp.Matrix(sp.kronecker_product(*matrices))

    def _eval_transpose(self) -> Any:
        return kron(*(sp.Transpose(factor).doit() for factor in self.args))

    def _latex(self, printer: Any) -> str:
        return r" \otimes ".join(printer.parenthesize(each, 60) for each in self.args)


class vec(MatrixFunction):  # noqa: N801
    r"""The columns of a matrix, one below the other."""

    @property
    def shape(self) -> tuple[Any, Any]:
        rows, columns = self.args[0].shape
        return rows * columns, sp.Integer(1)

    @staticmethod
    def explicit(*matrices: sp.Matrix) -> sp.Matrix:
        return matrices[0].vec()


class khatri_rao(MatrixFunction):  # noqa: N801
    r"""The matrix of columns x_u (x) d_u."""

    latex_name = r"\operatorname{KR}"

    @property
    def shape(self) -> tuple[Any, Any]:
        (rows, columns), (inner, _) = self.args[0].shape, self.args[1].shape
        return rows * inner, columns

    @staticmethod
    def explicit(*matrices: sp.Matrix) -> sp.Matrix:
        first, second = matrices
        pairs = (kron.explicit(first[:, u], second[:, u]) for u in range(first.shape[1]))
        return sp.Matrix.hstack(*pairs)


class squares(MatrixFunction):  # noqa: N801
    r"""The matrix of squared entries."""

    @property
    def shape(self) -> tuple[Any, Any]:
        return self.args[0].shape

    @staticmethod
    def explicit(*matrices: sp.Matrix) -> sp.Matrix:
        return matrices[0].applyfunc(lambda entry: entry**2)

    def _latex(self, printer: Any) -> str:
        return rf"\left({printer.doprint(self.args[0])}\right)^{{\circ 2}}"


class centred(MatrixFunction):  # noqa: N801
    r"""A matrix less the mean of each column."""

    @property
    def shape(self) -> tuple[Any, Any]:
        return self.args[0].shape

    @staticmethod
    def explicit(*matrices: sp.Matrix) -> sp.Matrix:
        (matrix,) = matrices
        return matrix - sp.ones(matrix.rows, matrix.rows) * matrix / matrix.rows


class stack(MatrixFunction):  # noqa: N801
    r"""One matrix above the other."""

    @property
    def shape(self) -> tuple[Any, Any]:
        return sum(each.shape[0] for each in self.args), self.args[0].shape[1]

    @staticmethod
    def explicit(*matrices: sp.Matrix) -> sp.Matrix:
        return sp.Matrix.vstack(*matrices)


class ranked(Eigenvalue):  # noqa: N801
    r"""The eigenvalue of a symmetric matrix with a given number, counted from 0 upwards."""

    nargs = 2

    def doit(self, **hints: Any) -> sp.Expr:
        return self.func(self.args[0].doit(**hints), self.args[1])

    def choose(self, values: list[Any]) -> Any:  # type: ignore[override]
        return values[int(self.args[1])]


class eigenvalues(MatrixFunction):  # noqa: N801
    r"""All eigenvalues of a symmetric matrix in ascending order."""

    latex_name = r"\lambda"

    @property
    def shape(self) -> tuple[Any, Any]:
        return self.args[0].shape[0], sp.Integer(1)

    @staticmethod
    def explicit(*matrices: sp.Matrix) -> sp.Matrix:
        (matrix,) = matrices
        fixed = sp.ImmutableMatrix(matrix)
        return sp.Matrix([ranked(fixed, i) for i in range(fixed.shape[0])])


class ascending(MatrixFunction):  # noqa: N801
    r"""The entries of a column in ascending order."""

    latex_name = r"\operatorname{sort}"

    @property
    def shape(self) -> tuple[Any, Any]:
        return self.args[0].shape

    @staticmethod
    def explicit(*matrices: sp.Matrix) -> sp.Matrix:
        return sp.Matrix(sorted(matrices[0], key=lambda entry: entry.evalf(30)))


def numpy_functions() -> dict[str, Any]:
    """What the names of this module mean to NumPy."""
    import numpy as np

    return {
        "kron": np.kron,
        "vec": lambda matrix: np.reshape(matrix, (-1, 1), order="F"),
        "khatri_rao": lambda first, second: (first[:, None] * second).reshape(-1, first.shape[1]),
        "squares": np.square,
        "centred": lambda matrix: matrix - matrix.mean(axis=0),
        "stack": lambda *matrices: np.vstack(matrices),
        "eigenvalues": lambda matrix: np.linalg.eigvalsh(matrix)[:, None],
        "ascending": lambda column: np.sort(column, axis=0),
    }
