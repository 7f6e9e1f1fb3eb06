"""SymPy's LaTeX with the letters of the house, as a mathematician writes it."""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.expressions.special import OneMatrix
from sympy.printing.precedence import PRECEDENCE

from theory.typeset import notation
from theory.typeset.fences import is_atomic
from theory.typeset.latex_functions import Functions
from theory.typeset.letters import form

#: Operators that reach to the right, so that what follows is taken as theirs.
REACHING = (sp.Integral, sp.Sum, sp.Product, sp.Limit, sp.Derivative)


class Latex(Functions):
    """Writes one expression."""

    def __init__(self) -> None:
        super().__init__({"diff_operator": "rd", "fold_frac_powers": True})

    # Letters

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        return form(expr.name)

    def _print_MatrixSymbol(self, expr: Any) -> str:
        return form(str(expr.name))

    def _print_Float(self, expr: Any) -> str:
        digits = notation.leading_digits(expr)
        return str(super()._print_Float(expr)) if digits is None else rf"{digits}\ldots"

    def parenthesize_super(self, s: str) -> str:
        return s if is_atomic(s) else self._add_parens(s)

    def _do_exponent(self, expr: str, exp: Any) -> str:
        return expr if exp is None else f"{self.parenthesize_super(expr)}^{{{exp}}}"

    def parenthesize(
        self, item: Any, level: int, is_neg: bool = False, strict: bool = False
    ) -> str:
        if notation.is_number(item):
            item = item.arg
        if level >= PRECEDENCE["Pow"] and notation.is_at_a_place(item):
            return str(self._add_parens(self._print(item)))
        return str(super().parenthesize(item, level, is_neg=is_neg, strict=strict))

    # Sums and products

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return notation.terms(expr)

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        tex = ""
        for term in self._as_ordered_terms(expr, order):
            shown = self._print(term)
            if self._needs_add_brackets(term):
                shown = self._add_parens(shown)
            if tex:
                minus = shown.startswith("-")
                shown = f" - {shown[1:].lstrip()}" if minus else f" + {shown}"
            tex += shown
        return tex

    def _print_MatMul(self, expr: Any) -> str:
        number, matrices = notation.factors(expr)
        sign = "- " if number.could_extract_minus_sign() else ""
        number = -number if sign else number
        if all(map(notation.is_one, matrices)) and not sign:
            return str(self._print(number))
        shown = [] if number == 1 else [self._factor(number, first=True)]
        if all(map(notation.is_one, matrices)) and shown:
            return sign + shown[0]
        if not shown and len(matrices) == 1:
            return sign + self.parenthesize(matrices[0], PRECEDENCE["Add"])
        shown += [self._factor(each, last=each is matrices[-1]) for each in matrices]
        return sign + " ".join(shown)

    def _factor(self, factor: Any, first: bool = False, last: bool = False) -> str:
        shown = self._print(factor)
        wide = isinstance(factor, sp.KroneckerProduct) or getattr(factor, "infix", False)
        if wide or self._needs_mul_brackets(factor, first=first, last=last):
            return self._add_parens(shown)
        return shown

    def _needs_mul_brackets(self, expr: Any, first: bool = False, last: bool = False) -> bool:
        if isinstance(expr, MatrixExpr) and not isinstance(expr, sp.MatAdd | sp.MatMul):
            return getattr(expr, "reaches", False) and not last
        if not last and (getattr(expr, "reaches", False) or isinstance(expr, REACHING)):
            return True
        return super()._needs_mul_brackets(expr, first=first, last=last)

    def _print_Pow(self, expr: Any) -> str:
        length = notation.of_length(expr)
        if length is not None:
            return str(self._print(length))
        norm = notation.of_norm(expr)
        if norm is None:
            return str(super()._print_Pow(expr))
        column, power = norm
        if sp.sympify(power).could_extract_minus_sign():
            return rf"\frac{{1}}{{{self._norm(column, -power)}}}"
        return self._norm(column, power)

    def _norm(self, column: Any, power: Any) -> str:
        size = rf"\left\lVert {self._print(column)} \right\rVert"
        return size if power == 1 else f"{size}^{{{self._print(power)}}}"

    # Matrices

    def _print_Identity(self, expr: Any) -> str:
        return "1" if notation.is_one(expr) else self._sized("I", expr.shape[0])

    def _print_OneMatrix(self, expr: Any) -> str:
        rows, columns = (
            "" if size == 1 else self._sized(r"\mathbf{1}", size) for size in expr.shape
        )
        return rows + (rf"{columns}^{{\top}}" if columns else "") or "1"

    def _sized(self, sign: str, size: Any) -> str:
        shown = notation.size_shown(size)
        return sign if shown is None else rf"{sign}_{{{self._print(shown)}}}"

    def _print_DiagMatrix(self, expr: Any) -> str:
        if notation.is_ones(expr.args[0]):
            return self._sized("I", expr.shape[0])
        return rf"\operatorname{{diag}}\left({self._print(expr.args[0])}\right)"

    def _print_Transpose(self, expr: Any) -> str:
        if isinstance(expr.arg, sp.Inverse):
            return self._raised(expr.arg.arg, r"-\top")
        return self._raised(expr.arg, r"\top")

    def _print_Inverse(self, expr: Any) -> str:
        if isinstance(expr.arg, sp.Transpose):
            return self._raised(expr.arg.arg, r"-\top")
        return self._raised(expr.arg, "-1")

    def _print_MatPow(self, expr: Any) -> str:
        return self._raised(expr.base, self._print(expr.exp))

    def _raised(self, matrix: Any, script: str) -> str:
        shown = self._print(matrix)
        if isinstance(matrix, OneMatrix) and not notation.is_ones(matrix):
            return f"{self._add_parens(shown)}^{{{script}}}"
        return f"{self.parenthesize_super(shown)}^{{{script}}}"

    def _print_Trace(self, expr: Any) -> str:
        norm = notation.of_norm(expr)
        if norm is not None:
            return self._norm(*norm)
        if notation.is_number(expr):
            return str(self._print(expr.arg))
        return rf"\operatorname{{tr}}\left({self._print(expr.arg)}\right)"

    def _print_Determinant(self, expr: Any) -> str:
        return rf"\det\left({self._print(expr.arg)}\right)"

    def _print_MatrixBase(self, expr: Any) -> str:
        if expr.shape == (1, 1):
            return str(self._print(expr[0, 0]))
        return super()._print_MatrixBase(expr)

    def _print_MatrixElement(self, expr: Any) -> str:
        index = self._print(expr.i)
        if expr.parent.shape[1] != 1:
            index += f",{self._print(expr.j)}"
        return f"{self.parenthesize_super(self._print(expr.parent))}_{{{index}}}"

    def _print_KroneckerProduct(self, expr: Any) -> str:
        return r" \otimes ".join(self.parenthesize(each, PRECEDENCE["Mul"]) for each in expr.args)
