"""Heads: what a definition asks for and no function computes, such as the gradient of any loss.

``smooth(z, g, H)`` is the value L(z) of any function that is smooth at the column z and has the
gradient g and the Hessian H there; ``grad(value, at)`` and ``hess(value, at)`` are the gradient and
the Hessian of ``value`` in the letter ``at``. ``moved(value, (letter, way), ...)`` is a value after
each letter took its way, with the same functions in it. ``sup``, ``inf`` and ``minimum`` of (value,
letter, conditions) are over all values of the letter that fulfil the conditions.
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

    reaches = True

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of the column."""
        return self.args[1].shape

    @staticmethod
    def tex(value: str, at: str) -> str:
        return rf"\nabla_{{{at}}} {value}"


class hess(Head, Matrix):  # noqa: N801
    r"""The Hessian of a value in a column."""

    reaches = True

    @property
    def shape(self) -> tuple[Any, Any]:
        """Square, of the length of the column."""
        rows = self.args[1].shape[0]
        return rows, rows

    @staticmethod
    def tex(value: str, at: str) -> str:
        return rf"\nabla^{{2}}_{{{at}}} {value}"


class Moved(Head):
    """A value after letters took their ways: arguments (value, *Tuple(letter, way))."""

    args: tuple[Any, ...]

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of the value."""
        return getattr(self.args[0], "shape", (sp.Integer(1), sp.Integer(1)))

    def _sympystr(self, printer: Any) -> str:
        value, *moves = map(printer.doprint, self.args)
        return f"moved({', '.join((value, *moves))})"

    def _in_tex(self, printer: Any) -> str:
        value, *moves = self.args
        where = ",\\, ".join(
            rf"{printer.doprint(letter)} \to {printer.doprint(letter + way)}"
            for letter, way in moves
        )
        where = where or r"\text{no step}"
        return rf"\left. {printer.doprint(value)} \right|_{{{where}}}"


class moved_number(Moved, Number):  # noqa: N801
    r"""A number after letters took their ways."""


class moved_matrix(Moved, Matrix):  # noqa: N801
    r"""A matrix after letters took their ways."""


def moved(value: Any, *moves: tuple[Any, Any]) -> Any:
    """``value`` after each letter of (letter, way) took its way; the same value after none."""
    kind = moved_matrix if getattr(value, "is_Matrix", False) else moved_number
    return kind(value, *(sp.Tuple(letter, way) for letter, way in moves))


class Extreme(Head, Number):
    """An extreme of a value over a letter, arguments (value, letter, *conditions on it)."""

    reaches = True

    @property
    def free_symbols(self) -> set[Any]:
        """Not the letter."""
        own = {self.args[1]}
        return set().union(*(each.free_symbols for each in self.args)) - own

    def _sympystr(self, printer: Any) -> str:
        value, letter, *conditions = map(printer.doprint, self.args)
        such = f": {', '.join(conditions)}" if conditions else ""
        return f"{type(self).__name__}({value} over {letter}{such})"

    def _in_tex(self, printer: Any) -> str:
        value, *of = self._printed(printer)
        under = r",\, ".join(of)
        name = {"minimum": "min"}.get(type(self).__name__, type(self).__name__)
        return rf"\{name}_{{{under}}} {value}"


class sup(Extreme):  # noqa: N801
    r"""The supremum of a value."""


class inf(Extreme):  # noqa: N801
    r"""The infimum of a value."""


class minimum(Extreme):  # noqa: N801
    r"""The least of a value, which is reached."""


def is_head(expression: Any) -> bool:
    """Whether a head stands anywhere in an expression."""
    return any(isinstance(part, Head) for part in sp.preorder_traversal(expression))
