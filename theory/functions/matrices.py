"""Functions of matrices that SymPy lacks.

``kron(A, S)`` is the Kronecker product, blocks A_ij S; ``vec(W)`` stacks the columns of W;
``khatri_rao(X, D)`` has the columns x_u (x) d_u; ``squares(K)`` has the squared entries,
``centred(K)`` the entries less the mean of their column; ``stack(a, b)`` puts a above b;
``ascending(a)`` is a column sorted; ``pinv(R)`` is the Moore-Penrose inverse,
``exponential(R)`` the sum of the R^j/j!.
``trace`` and ``det`` are SymPy's own, printed for NumPy.
"""

from importlib import import_module
from typing import Any

import numpy as np
import sympy as sp
from sympy.printing.precedence import PRECEDENCE

from theory.functions.base import NUMERIC, Matrix


class kron(Matrix):  # noqa: N801 (a SymPy function is written like a function)
    r"""The Kronecker product: the matrix of blocks A_ij S."""

    binds = PRECEDENCE["Mul"]
    infix = True

    @property
    def shape(self) -> tuple[Any, Any]:
        """The products of both factors' rows and columns."""
        (rows, columns), (inner_rows, inner_columns) = self.args[0].shape, self.args[1].shape
        return rows * inner_rows, columns * inner_columns

    @staticmethod
    def exact(*matrices: Any) -> Any:
        if 0 in (*matrices[0].shape, *matrices[1].shape):  # SymPy's product fails there
            (rows, columns), (inner_rows, inner_columns) = (each.shape for each in matrices)
            return sp.zeros(rows * inner_rows, columns * inner_columns)
        return sp.Matrix(sp.kronecker_product(*matrices))

    @staticmethod
    def numeric(A: Any, S: Any) -> Any:
        return np.kron(A, S)

    def _eval_transpose(self) -> Any:
        return kron(*(sp.Transpose(factor).doit() for factor in self.args))

    @staticmethod
    def tex(*factors: str) -> str:
        return r" \otimes ".join(factors)


class vec(Matrix):  # noqa: N801
    r"""The columns of a matrix, one below the other."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """A column of all entries."""
        rows, columns = self.args[0].shape
        return rows * columns, sp.Integer(1)

    @staticmethod
    def exact(W: Any) -> Any:
        return W.vec()

    @staticmethod
    def numeric(W: Any) -> Any:
        return np.reshape(W, (-1, 1), order="F")


class khatri_rao(Matrix):  # noqa: N801
    r"""The matrix of columns x_u (x) d_u."""

    binds = PRECEDENCE["Mul"]
    infix = True

    @property
    def shape(self) -> tuple[Any, Any]:
        """The product of the rows; one column per example u."""
        (rows, columns), (inner, _) = self.args[0].shape, self.args[1].shape
        return rows * inner, columns

    @staticmethod
    def exact(X: Any, D: Any) -> Any:
        return sp.Matrix.hstack(*(kron.exact(X[:, u], D[:, u]) for u in range(X.shape[1])))

    @staticmethod
    def numeric(X: Any, D: Any) -> Any:
        return (X[:, None] * D).reshape(-1, X.shape[1])

    @staticmethod
    def tex(X: str, D: str) -> str:
        return rf"{X} \odot {D}"


class squares(Matrix):  # noqa: N801
    r"""The matrix of squared entries."""

    @staticmethod
    def exact(K: Any) -> Any:
        return K.applyfunc(lambda entry: entry**2)

    @staticmethod
    def numeric(K: Any) -> Any:
        return np.square(K)

    @staticmethod
    def tex(K: str) -> str:
        return rf"\left({K}\right)^{{\circ 2}}"


class centred(Matrix):  # noqa: N801
    r"""A matrix, or a column, less the mean of each column."""

    @staticmethod
    def exact(K: Any) -> Any:
        return K - sp.ones(K.rows, K.rows) * K / K.rows

    @staticmethod
    def numeric(K: Any) -> Any:
        return K - K.mean(axis=0)


class stack(Matrix):  # noqa: N801
    r"""One matrix above the other."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """The sum of the rows."""
        return sum(each.shape[0] for each in self.args), self.args[0].shape[1]

    @staticmethod
    def exact(*matrices: Any) -> Any:
        return sp.Matrix.vstack(*matrices)

    @staticmethod
    def numeric(*matrices: Any) -> Any:
        return np.vstack(matrices)


class ascending(Matrix):  # noqa: N801
    r"""The entries of a column in ascending order."""

    @staticmethod
    def exact(a: Any) -> Any:
        return sp.Matrix(sorted(a, key=lambda entry: entry.evalf(30)))

    @staticmethod
    def numeric(a: Any) -> Any:
        return np.sort(a, axis=0)

    @staticmethod
    def tex(a: str) -> str:
        return rf"\operatorname{{sort}}\left({a}\right)"


class pinv(Matrix):  # noqa: N801
    r"""The Moore-Penrose inverse of a matrix."""

    binds = 100

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of the transpose."""
        rows, columns = self.args[0].shape
        return columns, rows

    @staticmethod
    def exact(R: Any) -> Any:
        return R.pinv()

    @staticmethod
    def numeric(R: Any) -> Any:
        # NumPy's default cutoff, 1e-15, keeps what rounding leaves of a singular X X'
        return np.linalg.pinv(R, rcond=max(R.shape) * np.finfo(float).eps)

    def _eval_transpose(self) -> Any:
        return self.func(self.args[0].T)

    @staticmethod
    def tex(R: str) -> str:
        return f"{R}^{{+}}"


class exponential(Matrix):  # noqa: N801
    r"""The exponential of a square matrix: the sum of its powers j over j!, j = 0, 1 ..."""

    @staticmethod
    def exact(R: Any) -> Any:
        return R.exp()

    @staticmethod
    def numeric(R: Any) -> Any:
        return import_module("scipy.linalg").expm(R)  # imported when it is called

    def _eval_transpose(self) -> Any:
        return self.func(self.args[0].T)

    @staticmethod
    def tex(R: str) -> str:
        return rf"\exp\left({R}\right)"


class trace(sp.Trace):  # noqa: N801
    r"""The trace of a matrix, which SymPy itself does not print for NumPy."""

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"trace({printer._print(self.arg)})"


class det(sp.Determinant):  # noqa: N801
    r"""The determinant of a matrix, which SymPy itself does not print for NumPy."""

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"det({printer._print(self.arg)})"


NUMERIC |= {"trace": np.trace, "det": np.linalg.det}
