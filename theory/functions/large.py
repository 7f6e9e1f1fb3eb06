"""Heads about random matrices: limits at large size, shares of eigenvalues, eigenvectors.

``tends_to(value, n)`` is the number that a random ``value`` tends to with probability 1 as the size
``n`` grows; ``share(S, level)`` the share of the eigenvalues of S that are at most ``level``.
``independent``, ``gaussian`` and ``uniform_direction`` are random letters: theorems ask for them by
kind.
"""

from typing import Any

import sympy as sp

from theory.functions.base import Matrix, Number
from theory.functions.heads import Head


class independent(sp.MatrixSymbol):  # noqa: N801
    """A random matrix of independent entries of mean 0, variance 1 and finite fourth moment, with a
    density."""


class gaussian(independent):  # noqa: N801
    """The same with normal entries."""


class uniform_direction(sp.MatrixSymbol):  # noqa: N801
    """A column whose direction is random: uniform, and independent of all other random letters."""


class Asked(Head):
    """A head that has no value of its own at any arguments."""

    def doit(self, **hints: Any) -> Any:
        """Itself."""
        return self


class tends_to(Asked, Number):  # noqa: N801 (a SymPy function is written like a function)
    r"""The number that a random value tends to, with probability 1, as a size grows."""

    reaches = True

    nargs = 2

    def _sympystr(self, printer: Any) -> str:
        value, size = map(printer.doprint, self.args)
        return f"lim({value}, {size} -> oo)"

    def _pretty(self, printer: Any) -> Any:
        return printer._print(sp.Limit(*self.args, sp.oo))

    @staticmethod
    def tex(value: str, size: str) -> str:
        return rf"\lim_{{{size} \to \infty}} {value}"


class share(Asked, Number):  # noqa: N801
    r"""The share of the eigenvalues of a symmetric matrix that are at most a level."""

    nargs = 2
    is_nonnegative = True

    @staticmethod
    def tex(matrix: str, level: str) -> str:
        return rf"\operatorname{{share}}\left(\lambda\left({matrix}\right) \leq {level}\right)"


class top(Asked, Matrix):  # noqa: N801
    r"""A unit eigenvector of the largest eigenvalue of a symmetric matrix."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """A column."""
        return self.args[0].shape[0], sp.Integer(1)

    @staticmethod
    def tex(matrix: str) -> str:
        return rf"u_{{\max}}\left({matrix}\right)"


class infimum(Asked, Number):  # noqa: N801
    r"""The infimum of the positive values of a letter where one number is above another."""

    nargs = 3

    @staticmethod
    def tex(letter: str, high: str, low: str) -> str:
        return rf"\inf \left\{{ {letter} > 0 : {high} > {low} \right\}}"
