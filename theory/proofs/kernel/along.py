"""``along``: how a value moves along a direction."""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr


class along(MatrixExpr):  # noqa: N801 (a function is written like a function)
    """The ``order``-th derivative at t = 0 of ``value``, where ``at`` is moved by t ``way``."""

    def __new__(cls, value: Any, at: Any, way: Any, order: int = 1) -> Any:
        return super().__new__(cls, value, at, way, sp.Integer(order))

    @property
    def shape(self) -> tuple[Any, Any]:
        """That of the value."""
        return getattr(self.args[0], "shape", (sp.Integer(1), sp.Integer(1)))

    def moved(self, t: sp.Symbol) -> Any:
        """The value at ``at`` + t ``way``."""
        value, at, way = self.args[:3]
        if getattr(at, "is_Matrix", False):
            return value.xreplace({at: at + t * way})
        return value.subs(at, at + t * way)
