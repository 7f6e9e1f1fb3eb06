"""What a rule makes of a number, step after step."""

from typing import Any

import sympy as sp


class iterate(sp.Function):  # noqa: N801 (a SymPy function is written like a function)
    """``iterate(rule, start, k)``: the rule applied k times; evaluated where k is a number.

    The rule is a ``Lambda`` of the value, or of the value and the number of steps before.

    >>> y, j = sp.symbols("y j")
    >>> iterate(sp.Lambda(y, y + 2 / y), sp.Integer(1), sp.Integer(2)).doit()
    11/3
    >>> iterate(sp.Lambda((y, j), y + j), sp.Integer(0), sp.Integer(4)).doit()
    6
    """

    nargs = 3
    is_real = True

    def doit(self, **hints: Any) -> sp.Expr:
        value, times = self.args[1:]
        if not times.is_Integer:
            return self
        for j in range(int(times)):
            value = self.after(value, sp.Integer(j))
        return value

    def _latex(self, printer: Any, exp: Any = None) -> str:
        rule, start, times = map(printer.doprint, self.args)
        shown = rf"{rule}^{{{times}}}\left({start}\right)"
        return str(printer._do_exponent(shown, exp))

    def after(self, value: Any, j: Any) -> Any:
        """The value one step later, where ``j`` steps were before."""
        rule = self.args[0]
        return rule(value) if len(rule.signature) == 1 else rule(value, j)
