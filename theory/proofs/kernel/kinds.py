"""What kind an expression is: a number, a matrix, a letter."""

from typing import Any

import sympy as sp


def is_matrix(e: Any) -> bool:
    """Whether an expression is a matrix, also one of one entry."""
    return bool(getattr(e, "is_Matrix", False))


def is_number(e: Any) -> bool:
    """Whether an expression is a number or a matrix of one entry."""
    return not is_matrix(e) or e.shape == (1, 1)


def is_letter(e: Any) -> bool:
    """Whether a matrix is a letter."""
    return isinstance(e, sp.MatrixSymbol)
