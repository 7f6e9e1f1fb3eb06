"""Constant matrices, printed for NumPy at sizes that are letters, where SymPy's own are not."""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix

from theory.functions.base import explicit


class ones(OneMatrix):  # noqa: N801 (a SymPy function is written like a function)
    r"""A matrix of ones; of a stated size it evaluates to its entries."""

    def doit(self, **hints: Any) -> Any:
        return explicit(self)

    def _eval_transpose(self) -> "ones":
        return ones(self.cols, self.rows)


class eye(sp.Identity):  # noqa: N801
    r"""The identity matrix; of a stated size it evaluates to its entries."""

    def doit(self, **hints: Any) -> Any:
        return explicit(self)

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"eye({printer._print(self.args[0])})"
