"""What a function that SymPy lacks states, and what follows from that.

A ``Number`` or a ``Matrix`` is a function of numbers, columns and matrices. It states ``exact``,
its value by SymPy where the arguments are explicit, ``numeric``, its value by NumPy, and ``tex``,
its LaTeX from that of the arguments; a matrix states its ``shape`` too. It stands in formulas by
its name, evaluates by ``doit`` and prints itself.
"""

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr
from sympy.printing.precedence import PRECEDENCE

#: The value by NumPy of every function, by its name.
NUMERIC: dict[str, Callable[..., Any]] = {}


class Stated:
    """The part that numbers and matrices share."""

    args: tuple[Any, ...]
    func: Any
    #: Arguments that bind no more tightly than this get parentheses; None: they need none.
    binds: int | None = None
    #: Whether it is an operator before its first argument: sums there get parentheses, and so does
    #: the whole before another factor.
    reaches = False
    #: Whether it is a sign between its arguments: as a factor it gets parentheses.
    infix = False
    #: The value by SymPy at explicit arguments, the value by NumPy, and LaTeX from that of the
    #: arguments: static methods.
    exact: Callable[..., Any]
    numeric: Callable[..., Any]
    tex: Callable[..., str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "numeric" in vars(cls):
            if cls.__name__ in NUMERIC:
                raise TypeError(f"there is a function {cls.__name__} already")
            NUMERIC[cls.__name__] = cls.__dict__["numeric"].__func__

    def doit(self, **hints: Any) -> Any:
        """The value, where the arguments are explicit."""
        arguments = [explicit(each.doit(**hints)) for each in self.args]
        if any(map(is_stated, arguments)):
            return self.func(*arguments)
        return self.exact(*arguments)

    def _in_tex(self, printer: Any) -> str:
        arguments = self._printed(printer)
        if hasattr(self, "tex"):
            return self.tex(*arguments)
        name = type(self).__name__.replace("_", r"\ ")
        return rf"\operatorname{{{name}}}\left({', '.join(arguments)}\right)"

    def _printed(self, printer: Any) -> list[str]:
        if self.binds is not None:
            return [printer.parenthesize(each, self.binds) for each in self.args]
        shown = [printer.doprint(each) for each in self.args]
        if self.reaches:
            shown[0] = printer.parenthesize(self.args[0], PRECEDENCE["Add"])
        return shown

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({', '.join(map(printer.doprint, self.args))})"

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"{type(self).__name__}({', '.join(map(printer._print, self.args))})"


class Number(Stated, sp.Function):
    """A function whose value is a real number."""

    is_real = True
    is_commutative = True  # SymPy would ask the arguments, which as matrices are not

    def _eval_derivative(self, s: Any) -> Any:
        value = self.doit()  # SymPy knows no slope in an argument that is a matrix
        return super()._eval_derivative(s) if value.has(type(self)) else value.diff(s)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        return str(printer._do_exponent(self._in_tex(printer), exp))


class Matrix(Stated, MatrixExpr):
    """A function whose value is a matrix; of the shape of its first argument, if not stated."""

    def __new__(cls, *arguments: Any) -> Any:
        return super().__new__(cls, *map(sp.sympify, arguments))

    @property
    def shape(self) -> tuple[Any, Any]:
        """Rows and columns."""
        return self.args[0].shape

    def doit(self, **hints: Any) -> Any:
        """The matrix entry by entry, where the arguments are explicit."""
        matrix = super().doit(**hints)
        return sp.ImmutableMatrix(matrix) if isinstance(matrix, sp.MatrixBase) else matrix

    def _entry(self, i: Any, j: Any, **hints: Any) -> Any:
        matrix = self.doit()
        return matrix[i, j] if isinstance(matrix, sp.MatrixBase) else MatrixElement(self, i, j)

    def _latex(self, printer: Any) -> str:
        return self._in_tex(printer)


def is_stated(argument: Any) -> bool:
    """Whether it is a matrix whose entries are not known."""
    # SymPy's matrices of entries are of the class MatrixExpr too
    return isinstance(argument, MatrixExpr) and not isinstance(argument, sp.MatrixBase)


def explicit(argument: Any) -> Any:
    """A matrix entry by entry, where its size and its letters have values."""
    if not is_stated(argument) or argument.atoms(sp.MatrixSymbol):
        return argument
    if not all(sp.sympify(size).is_Integer for size in argument.shape):
        return argument
    return sp.ImmutableMatrix(argument.as_explicit())
