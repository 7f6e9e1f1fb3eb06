"""SymPy's Unicode with the letters of the house: what a terminal shows, in several lines."""

from typing import Any

import sympy as sp
from sympy.printing.precedence import PRECEDENCE, precedence_traditional
from sympy.printing.pretty.pretty_symbology import pretty_use_unicode
from sympy.printing.pretty.stringpict import prettyForm

from theory.typeset import notation
from theory.typeset.letters import in_unicode
from theory.typeset.unicode_functions import Functions, fenced, joined

#: Marks of a matrix that are written behind a letter in its own line.
MARKS = {"T": "ᵀ", "-T": "⁻ᵀ", "-1": "⁻¹", "+": "⁺"}
SIGNS = {"<": " < ", "<=": " ≤ "}


class Unicode(Functions):
    """Writes one expression; no line is broken."""

    def __init__(self) -> None:
        super().__init__({"use_unicode": True, "wrap_line": False})

    def doprint(self, expr: Any) -> str:
        return str(self.form(expr))

    def form(self, expr: Any) -> prettyForm:
        """The lines of an expression, and its ``baseline``: the line that it stands on."""
        before = pretty_use_unicode(True)  # SymPy keeps this as a global
        try:
            return self._print(expr)
        finally:
            pretty_use_unicode(before)

    # Letters

    def _print_Symbol(self, e: Any, bold_name: bool = False) -> prettyForm:
        shown = in_unicode(str(e.name))
        several = " " in shown or shown.startswith("∇")
        return prettyForm(shown, binding=prettyForm.MUL if several else prettyForm.ATOM)

    def _print_Float(self, e: Any) -> prettyForm:
        digits = notation.leading_digits(e)
        return super()._print_Float(e) if digits is None else prettyForm(f"{digits}…")

    def _print_MatrixSymbol(self, e: Any) -> prettyForm:
        return self._print_Symbol(e)

    # Sums and products

    def _as_ordered_terms(self, expr: Any, order: Any = None) -> list[Any]:
        return notation.terms(expr)

    def _print_MatAdd(self, expr: Any) -> prettyForm:
        shown: list[Any] = []
        for term in notation.terms(expr):
            minus = notation.is_negative(term)
            sign = (" - " if minus else " + ") if shown else ("-" if minus else "")
            shown += [sign, self._print(-term if minus else term)]
        return joined(*shown, binding=prettyForm.ADD)

    def _print_MatMul(self, expr: Any) -> prettyForm:
        number, matrices = notation.factors(expr)
        minus = number.could_extract_minus_sign()
        number = -number if minus else number
        shown = [] if number == 1 else [self._print(number)]
        if not shown and len(matrices) == 1:
            shown = [self._print(matrices[0])]
        elif not all(map(notation.is_one, matrices)):
            shown += map(self._factor, matrices)
        elif minus:  # the sign stands before the whole sum
            shown = [self._factor(number)]
        product = prettyForm.__mul__(*shown)
        return prettyForm(*product.left("-"), binding=prettyForm.NEG) if minus else product

    def _factor(self, factor: Any) -> prettyForm:
        """A factor, in parentheses where it is a sum or has a sign of its own."""
        shown = self._print(factor)
        wide = isinstance(factor, sp.KroneckerProduct) or getattr(factor, "infix", False)
        reaches = getattr(factor, "reaches", False)
        if wide or reaches or shown.binding in (prettyForm.ADD, prettyForm.NEG):
            return prettyForm(*shown.parens())
        return shown

    def _print_Pow(self, power: Any) -> prettyForm:
        length = notation.of_length(power)
        if length is not None:
            return self._print(length)
        norm = notation.of_norm(power)
        if norm is None:
            return super()._print_Pow(power)
        if sp.sympify(norm[1]).could_extract_minus_sign():
            return prettyForm("1") / self._norm(norm[0], -norm[1])
        return self._norm(*norm)

    def _norm(self, column: Any, power: Any) -> prettyForm:
        size = fenced(self._print(column), "‖", "‖")
        return size if power == 1 else size ** self._print(power)

    # Matrices

    def _print_Identity(self, expr: Any) -> prettyForm:
        return prettyForm("1") if notation.is_one(expr) else self._sized("I", expr.shape[0])

    def _print_ZeroMatrix(self, expr: Any) -> prettyForm:
        return prettyForm("0")

    def _print_OneMatrix(self, expr: Any) -> prettyForm:
        signs = zip(("𝟙", "𝟙ᵀ"), expr.shape, strict=True)
        shown = [self._sized(sign, size) for sign, size in signs if size != 1]
        if len(shown) == 2:
            return joined(shown[0], "⋅", shown[1], binding=prettyForm.MUL)
        return shown[0] if shown else prettyForm("1")

    def _sized(self, sign: str, size: Any) -> prettyForm:
        """A sign with its size a line below, where it is to be shown."""
        shown = notation.size_shown(size)
        if shown is None:
            return prettyForm(sign)
        above, beneath = map(self._print, shown.as_numer_denom())
        whole = shown.as_numer_denom()[1] == 1
        script = above if whole else joined(above, "/", beneath, binding=prettyForm.DIV)
        below = prettyForm(*prettyForm(" " * script.width()).below(script))
        return joined(prettyForm(sign), below, binding=prettyForm.ATOM)

    def _print_DiagMatrix(self, expr: Any) -> prettyForm:
        if notation.is_ones(expr.args[0]):
            return self._sized("I", expr.shape[0])
        return self._call("diag", expr.args)

    def _print_Transpose(self, expr: Any) -> prettyForm:
        if isinstance(expr.arg, sp.Inverse):
            return self._raised(expr.arg.arg, "-T")
        return self._raised(expr.arg, "T")

    def _print_Inverse(self, expr: Any) -> prettyForm:
        if isinstance(expr.arg, sp.Transpose):
            return self._raised(expr.arg.arg, "-T")
        return self._raised(expr.arg, "-1")

    def _print_MatPow(self, expr: Any) -> prettyForm:
        return self._raised(expr.base, self._print(expr.exp))

    def _raised(self, matrix: Any, script: Any) -> prettyForm:
        """A matrix with a script: behind a letter in the same line, where the script is a mark."""
        shown = self._print(matrix)
        atom = shown.binding == prettyForm.ATOM and not isinstance(matrix, sp.Transpose)
        if isinstance(script, str):
            if atom and shown.height() == 1 and script in MARKS:
                return prettyForm(*shown.right(MARKS[script]))
            script = prettyForm(script)
        if not atom:
            shown = prettyForm(*shown.parens())
        return prettyForm(*(shown**script).right(""), binding=prettyForm.POW)

    def _print_Trace(self, expr: Any) -> prettyForm:
        norm = notation.of_norm(expr)
        if norm is not None:
            return self._norm(*norm)
        if notation.is_number(expr):
            return self._print(expr.arg)
        return self._call("tr", [expr.arg])

    def _print_Determinant(self, expr: Any) -> prettyForm:
        return self._call("det", [expr.arg])

    def _print_MatrixElement(self, expr: Any) -> prettyForm:
        places = [expr.i] if expr.parent.shape[1] == 1 else [expr.i, expr.j]
        inside = prettyForm(*self._print_seq(places, delimiter=", ").parens("[", "]"))
        return joined(self._factor(expr.parent), inside)

    def _print_KroneckerProduct(self, expr: Any) -> prettyForm:
        return self._infix(expr.args, " ⊗ ")

    def _infix(self, args: Any, sign: str) -> prettyForm:
        shown: list[Any] = []
        for each in args:
            part = self._print(each)
            tight = precedence_traditional(each) > PRECEDENCE["Mul"]
            shown += [sign] * bool(shown) + [part if tight else prettyForm(*part.parens())]
        return joined(*shown, binding=prettyForm.MUL)

    def _print_Tuple(self, e: Any) -> prettyForm:
        return self._print(e[0]) if len(e) == 1 else super()._print_Tuple(e)

    # Conditions

    def _print_And(self, e: Any) -> prettyForm:
        shown: list[Any] = []
        for chain in notation.chained(sorted(e.args, key=sp.default_sort_key)):
            shown += [", "] * bool(shown)
            shown += [SIGNS[each] if isinstance(each, str) else self._print(each) for each in chain]
        return joined(*shown, binding=prettyForm.OPEN)
