"""How an expression is written: in LaTeX."""

from typing import Any

import sympy as sp


def latex(expression: Any) -> str:
    """The LaTeX of an expression, or of a statement."""
    return str(sp.latex(expression))
