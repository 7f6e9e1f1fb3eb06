"""Powers in one form: what stands under a root or a symbolic power is factored."""

from typing import Any

import sympy as sp


def factored(expression: Any) -> Any:
    """``expression`` with factors under each of its roots and powers that are no numbers.

    >>> a, b = sp.symbols("a b", positive=True)
    >>> factored(sp.sqrt(a**2 * b + 2 * a * b**2 + b**3))
    sqrt(b)*(a + b)
    >>> n = sp.Symbol("n", integer=True)
    >>> factored((a * b + a) ** n)
    a**n*(b + 1)**n
    """

    def is_power(part: Any) -> bool:
        plain = isinstance(part, sp.Pow) and part.exp.is_Integer and part.exp > 0
        return isinstance(part, sp.Pow) and not plain and part.base != sp.E

    def turned(part: Any) -> Any:
        return sp.expand_power_base(sp.factor(sp.together(part.base)) ** part.exp)

    return sp.sympify(expression).replace(is_power, turned)
