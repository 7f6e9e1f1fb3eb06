"""An expression as text."""

from typing import Any

import sympy as sp


def in_text(expression: Any) -> str:
    """``expression`` as SymPy writes it, except that a sum with an integral keeps its own order.

    To order the terms of such a sum SymPy would compute the integrals by quadrature.
    """
    return str(sp.sstr(expression, order="none" if expression.has(sp.Integral) else None))
