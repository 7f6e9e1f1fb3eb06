"""Heads: what a definition asks for and no function computes, such as the gradient of any loss.

``smooth(z, g, H)`` is the value L(z) of any function that is smooth at the column z and has the
gradient g and the Hessian H there; ``grad(value, at)`` and ``hess(value, at)`` are the gradient and
the Hessian of ``value`` in the letter ``at``.
"""

from typing import Any

import sympy as sp

from theory.functions.base import Matrix, Number


class Head:
    """What is stated and not computed."""

    def doit(self, **hints: Any) -> Any:
        """Itself."""
        return self


class smooth(Head, Number):  # noqa: N801 (a SymPy function is written like a function)
    r"""The value at z of a function with the gradient g and the Hessian H there."""

    nargs = 3

    def _sympystr(self, printer: Any) -> str:
        return f"L({printer.doprint(self.args[0])})"

    @staticmethod
    def tex(z: str, g: str, H: str) -> str:
        return rf"L\left({z}\right)"


class grad(Head, Matrix):  # noqa: N801
    r"""The gradient of a value in a column."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of the column."""
        return self.args[1].shape

    @staticmethod
    def tex(value: str, at: str) -> str:
        return rf"\nabla_{{{at}}}\, {value}"


class hess(Head, Matrix):  # noqa: N801
    r"""The Hessian of a value in a column."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """Square, of the length of the column."""
        rows = self.args[1].shape[0]
        return rows, rows

    @staticmethod
    def tex(value: str, at: str) -> str:
        return rf"\nabla^2_{{{at}}}\, {value}"


def is_head(expression: Any) -> bool:
    """Whether a head stands anywhere in an expression."""
    return any(isinstance(part, Head) for part in sp.preorder_traversal(expression))
