"""Letters and heads for columns of length 1: frames and eigenvectors.

``frame("Q", P, n)`` is any matrix of n orthonormal columns, Q'Q = I. ``eigenvector(M, place)`` is
an eigenvector of length 1 of the symmetric M, of its ``place``-th largest eigenvalue.
"""

from typing import Any

import sympy as sp

from theory.functions.base import Matrix
from theory.functions.heads import Head


class frame(sp.MatrixSymbol):  # noqa: N801 (a SymPy function is written like a function)
    """Any matrix of orthonormal columns.

    >>> frame("Q", 3, 2) == frame("Q", 3, 2), frame("Q", 3, 2) == sp.MatrixSymbol("Q", 3, 2)
    (True, False)
    """


class eigenvector(Head, Matrix):  # noqa: N801
    r"""An eigenvector of length 1 of a symmetric matrix."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """A column."""
        return self.args[0].shape[0], sp.Integer(1)

    @staticmethod
    def tex(matrix: str, place: str) -> str:
        return rf"x_{{{place}}}\left({matrix}\right)"
