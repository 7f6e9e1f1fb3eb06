"""Heads of a spectrum: how often an eigenvalue occurs, and that of an eigenvector.

``multiplicity(M, c)`` is how often c is an eigenvalue of a symmetric M, and ``eigenvalue_of(M, x)``
is the number c with Mx = c x.
"""

from theory.functions.base import Number
from theory.functions.heads import Head


class multiplicity(Head, Number):  # noqa: N801 (a SymPy function is written like a function)
    r"""How often a number is an eigenvalue of a symmetric matrix."""

    nargs = 2
    is_integer = True
    is_nonnegative = True


class eigenvalue_of(Head, Number):  # noqa: N801
    r"""The eigenvalue of a matrix on one of its eigenvectors."""

    nargs = 2

    @staticmethod
    def tex(matrix: str, vector: str) -> str:
        return rf"\lambda\left({matrix};\, {vector}\right)"
