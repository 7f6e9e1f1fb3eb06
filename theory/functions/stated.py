"""More heads: Jacobians, ranks, minima and densities, stated and not computed.

``jacobian(value, at)`` has the derivatives of the column ``value`` in the column ``at``;
``rank(M)`` is the rank of a matrix; ``condition(M)`` the largest over the smallest eigenvalue of a
matrix whose eigenvalues are positive numbers; ``argmin(letter, value, letters)`` is what ``letter``
is where ``value`` is least over all ``letters``; ``density_of(value, at)`` is the density of a
random number.
"""

from typing import Any

import sympy as sp

from theory.functions.base import Matrix, Number
from theory.functions.columns import diagonal
from theory.functions.eigenvalues import eigenvalues
from theory.functions.heads import Head
from theory.functions.heads_of_chance import OfChance


class with_density(sp.MatrixSymbol):  # noqa: N801
    """A random matrix whose entries have a joint density."""


class jacobian(Head, Matrix):  # noqa: N801 (a SymPy function is written like a function)
    r"""The matrix of the derivatives of a column, one row per entry, in another."""

    reaches = True

    @property
    def shape(self) -> tuple[Any, Any]:
        """As many rows as the value has, as many columns as there are letters."""
        return self.args[0].shape[0], self.args[1].shape[0]

    @staticmethod
    def tex(value: str, at: str) -> str:
        return rf"\frac{{\partial}}{{\partial {at}}} {value}"


class rank(Head, Number):  # noqa: N801
    r"""The rank of a matrix."""

    nargs = 1
    is_integer = True
    is_nonnegative = True


class condition(Head, Number):  # noqa: N801
    r"""The largest over the smallest eigenvalue of a matrix whose eigenvalues are positive."""

    nargs = 1
    is_nonnegative = True

    @staticmethod
    def tex(M: str) -> str:
        return rf"\kappa\left({M}\right)"


class eigenvectors(Head, Matrix):  # noqa: N801
    r"""Orthonormal eigenvectors of a symmetric matrix, in the order of ``eigenvalues``."""

    @staticmethod
    def tex(M: str) -> str:
        return rf"U\left({M}\right)"


def diagonalised(matrix: Any) -> Any:
    """U diag(lambda) U', with the eigenvectors and the eigenvalues of a symmetric ``matrix``."""
    basis = eigenvectors(matrix)
    return basis * diagonal(eigenvalues(matrix)) * basis.T


class argmin(Head, Number):  # noqa: N801
    r"""What a letter is where a value is least over several letters."""

    nargs = 3

    @staticmethod
    def tex(letter: str, value: str, letters: str) -> str:
        return rf"\left[\operatorname*{{argmin}}_{{{letters}}} {value}\right]_{{{letter}}}"


class density_of(OfChance):  # noqa: N801
    r"""The density of a random number at a place: its integral is the probability."""

    nargs = 2
    is_nonnegative = True

    @staticmethod
    def tex(value: str, at: str) -> str:
        return rf"f_{{{value}}}\left({at}\right)"


class scale_free_gradient(Head, Matrix):  # noqa: N801
    r"""The gradient at z of a loss J that is the same at every positive multiple of z."""

    def _sympystr(self, printer: Any) -> str:
        return f"grad_J({printer.doprint(self.args[0])})"

    @staticmethod
    def tex(z: str) -> str:
        return rf"\nabla J\left({z}\right)"


class scale_free_hessian(Head, Matrix):  # noqa: N801
    r"""The Hessian at z of a loss J that is the same at every positive multiple of z."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """Square, of the length of the column."""
        rows = self.args[0].shape[0]
        return rows, rows

    def _sympystr(self, printer: Any) -> str:
        return f"hess_J({printer.doprint(self.args[0])})"

    @staticmethod
    def tex(z: str) -> str:
        return rf"\nabla^{{2}} J\left({z}\right)"


class gradient_growth(Head, Number):  # noqa: N801
    r"""The factor by which the mean squared gradient in a unit's outputs grows towards the input,
    per layer of a wide net: Gaussian weights, batch norm over B examples, then an activation, given
    as a function of a letter."""

    nargs = 3
    is_nonnegative = True

    @staticmethod
    def tex(activation: str, letter: str, size: str) -> str:
        ratio = (
            r"\frac{\operatorname{E} \left\lVert \partial J/\partial y_{l} \right\rVert^{2}}"
            r"{\operatorname{E} \left\lVert \partial J/\partial y_{l+1} \right\rVert^{2}}"
        )
        return rf"\left[{ratio}\right]_{{{letter} \mapsto {activation}}}"
