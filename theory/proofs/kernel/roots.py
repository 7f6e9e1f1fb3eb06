"""Roots in one form: what stands under a root is factored, so that squares leave it."""

from typing import Any

import sympy as sp


def factored(expression: Any) -> Any:
    """``expression`` with factors under each of its square roots.

    >>> a, b = sp.symbols("a b", positive=True)
    >>> factored(sp.sqrt(a**2 * b + 2 * a * b**2 + b**3))
    sqrt(b)*(a + b)
    """

    def is_root(part: Any) -> bool:
        return isinstance(part, sp.Pow) and part.exp.is_Rational and not part.exp.is_Integer

    def turned(part: Any) -> Any:
        return sp.factor(sp.together(part.base)) ** part.exp

    return sp.sympify(expression).replace(is_root, turned)
