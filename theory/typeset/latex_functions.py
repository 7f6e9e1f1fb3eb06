"""How LaTeX shows functions, operators over a letter, conditions and cases."""

from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from theory.typeset import notation
from theory.typeset.letters import form

#: Functions whose names are not those of SymPy, and signs of order.
NAMES = {"asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan", "log": r"\ln"}
SIGNS = {"<": "<", "<=": r"\leq"}


class Functions(LatexPrinter):
    """The part of the printer that writes functions."""

    def _print_Function(self, expr: Any, exp: Any = None) -> str:
        name = expr.func.__name__
        own = getattr(self, f"_print_{name}", None)
        if own is not None and not isinstance(expr, AppliedUndef):
            return str(own(expr, exp))
        undefined = isinstance(expr, AppliedUndef)
        shown = form(name) if undefined else NAMES.get(name) or self._hprint_Function(name)
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"{shown}{power}\left({', '.join(map(self._print, expr.args))}\right)"

    def _print_log(self, expr: Any, exp: Any = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\ln{power}\left({self._print(expr.args[0])}\right)"

    def _print_Abs(self, expr: Any, exp: Any = None) -> str:
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"\left|{self._print(expr.args[0])}\right|{power}"

    def _print_atan2(self, expr: Any, exp: Any = None) -> str:
        shown = rf"\arctan_{{2}}\left({', '.join(map(self._print, expr.args))}\right)"
        return self._do_exponent(shown, exp)

    def _print_beta(self, expr: Any, exp: Any = None) -> str:
        shown = rf"\operatorname{{B}}\left({', '.join(map(self._print, expr.args))}\right)"
        return self._do_exponent(shown, exp)

    def _print_Integral(self, expr: Any) -> str:
        return str(super()._print_Integral(expr)).replace(r"\int\limits", r"\int")

    def _print_Limit(self, expr: Any) -> str:
        value, letter, place, side = expr.args
        to = self._print(place)
        if str(side) in ("+", "-") and not place.is_infinite:
            to += f"^{{{side}}}"
        body = self.parenthesize(value, PRECEDENCE["Add"])
        return rf"\lim_{{{self._print(letter)} \to {to}}} {body}"

    def _print_Subs(self, expr: Any) -> str:
        value, letters, places = expr.args
        pairs = zip(letters, places, strict=True)
        where = r",\, ".join(f"{self._print(a)} = {self._print(b)}" for a, b in pairs)
        shown = self._print(value)
        if isinstance(value, sp.Add):
            shown = self._add_parens(shown)
        return rf"\left. {shown} \right|_{{{where}}}"

    def _print_Lambda(self, expr: Any) -> str:
        letters = self._print(sp.Tuple(*expr.signature))
        return rf"\left({letters} \mapsto {self._print(expr.expr)}\right)"

    def _print_Tuple(self, expr: Any) -> str:
        if len(expr) == 1:
            return str(self._print(expr[0]))
        return rf"\left({', '.join(map(self._print, expr))}\right)"

    # Conditions

    def _print_And(self, expr: Any) -> str:
        args = sorted(expr.args, key=sp.default_sort_key)
        return r",\ ".join(
            " ".join(SIGNS[part] if isinstance(part, str) else self._print(part) for part in chain)
            for chain in notation.chained(args)
        )

    def _print_Or(self, expr: Any) -> str:
        shown = []
        for each in sorted(expr.args, key=sp.default_sort_key):
            part = self._print(each)
            shown.append(self._add_parens(part) if isinstance(each, sp.And) else part)
        return r"\ \text{or}\ ".join(shown)

    def _print_Piecewise(self, expr: Any) -> str:
        rows = [
            f"{self._print(value)} & "
            + (r"\text{otherwise}" if where == sp.true else rf"\text{{if }} {self._print(where)}")
            for value, where in expr.args
        ]
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"
