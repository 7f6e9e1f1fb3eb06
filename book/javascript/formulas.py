"""A formula as an arrow function of an object of values, with its repeated parts named once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from book.javascript.matrices import JavaScript
from theory.domain import Array, Parameter
from theory.formula import Formula


def function(formula: Formula) -> str:
    """A formula as ``({N, alpha}) => ...``: a number, a matrix, or an object of parts.

    The values of the letters and the sizes of arrays are numbers, arrays are matrices of the
    runtime, which the text calls ``r``.
    """
    return in_letters(formula.expression, formula.parameters)


def in_letters(expression: Any, parameters: Iterable[Parameter]) -> str:
    """``expression``, or a dict of named ones, as an arrow function of the ``parameters``."""
    head = "({" + ", ".join(letters(parameters)) + "}) => "
    printer = Naming(expression.values() if isinstance(expression, Mapping) else [expression])
    if isinstance(expression, Mapping):
        parts = [f'"{key}": {printer.whole(each)}' for key, each in expression.items()]
        value = "{" + ", ".join(parts) + "}"
    else:
        value = printer.whole(expression)
    if printer.lines:
        return head + "{ " + " ".join(printer.lines) + f" return {value}; }}"
    return head + (f"({value})" if value.startswith("{") else value)


def letters(parameters: Iterable[Parameter]) -> list[str]:
    """The names of parameters, and the sizes of their arrays that are no parameters."""
    names = [each.name for each in parameters]
    domains = [each.domain for each in parameters if isinstance(each.domain, Array)]
    sizes = {str(size) for each in domains for size in (each.rows, each.columns)}
    return names + sorted(sizes - {"1"} - set(names))


class Naming(JavaScript):
    """Prints expressions whose repeated parts get names, s1, s2 ..., in lines before them.

    A part that holds the letter of a sum or of an integral keeps its place.
    """

    def __init__(self, expressions: Iterable[Any]) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._names: dict[Any, str] = {}
        whole = [sp.sympify(each) for each in expressions]
        ranges = [each for part in whole for each in part.atoms(sp.Sum, sp.Integral)]
        bound = {limit[0] for each in ranges for limit in each.limits}
        seen: Counter[Any] = Counter()
        for each in whole:
            count(each, seen)
        often = {each for each, times in seen.items() if times > 1}
        self._repeated = {each for each in often if is_worth_a_name(each, bound)}

    def whole(self, expression: Any) -> str:
        """An expression; a matrix of one row and one column is a number."""
        expression = sp.sympify(expression)
        text = self._print(expression)
        one = getattr(expression, "is_Matrix", False) and expression.shape == (1, 1)
        return f"r.number({text})" if one else text

    def _print(self, expr: Any, **kwargs: Any) -> str:
        if expr not in self._repeated:
            return str(super()._print(expr, **kwargs))
        if expr not in self._names:
            text = super()._print(expr, **kwargs)  # names of its parts come first
            self._names[expr] = f"s{len(self._names) + 1}"
            self.lines.append(f"const {self._names[expr]} = {text};")
        return self._names[expr]


def count(node: Any, seen: Counter[Any]) -> None:
    """Count the parts of an expression; the parts of a repeated one once."""
    seen[node] += 1
    if seen[node] == 1:
        for each in node.args:
            count(each, seen)


def is_worth_a_name(part: Any, bound: set[Any]) -> bool:
    """Whether a repeated part is a computation, and of no letter that is bound."""
    if not isinstance(part, (sp.Expr, MatrixExpr, sp.MatrixBase)) or not part.args:
        return False
    if isinstance(part, (sp.MatrixSymbol, sp.Rational)) or part.free_symbols & bound:
        return False
    return not (part.is_Mul and part.args[0] == -1 and len(part.args) == 2 and part.args[1].is_Atom)
