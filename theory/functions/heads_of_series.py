"""Heads of power series and of random products: what only a theorem tells.

w(z) is the series without constant term that solves w = z phi(w), for a function phi.
"""

from typing import Any

import sympy as sp

from theory.functions.base import Matrix, Number
from theory.functions.heads import Head


class OfSeries(Head, Number):
    """A number of the series w(z) that solves w = z phi(w); phi is a ``Lambda``."""

    def doit(self, **hints: Any) -> Any:
        """Itself."""
        return self


class inverse_coefficient(OfSeries):  # noqa: N801 (a SymPy function is written like a function)
    r"""The coefficient of z^k in w(z)."""

    nargs = 2

    @staticmethod
    def tex(phi: str, k: str) -> str:
        return rf"[z^{{{k}}}]\, w,\ w = z \varphi(w),\ \varphi: {phi}"


class inverse_radius(OfSeries):  # noqa: N801
    r"""The radius of convergence of w(z)."""

    nargs = 1
    is_positive = True

    @staticmethod
    def tex(phi: str) -> str:
        return rf"\operatorname{{radius}} w,\ w = z \varphi(w),\ \varphi: {phi}"


class gaussian_product(Head, Matrix):  # noqa: N801
    r"""The product of ``depth`` independent ``width`` x ``width`` matrices of independent Gaussian
    entries of mean 0 and variance 1/width."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """A square of the width."""
        return self.args[0], self.args[0]

    def doit(self, **hints: Any) -> Any:
        """Itself: it is random."""
        return self

    def _sympystr(self, printer: Any) -> str:
        return f"M_{printer.doprint(self.args[1])}"

    def _pretty(self, printer: Any) -> Any:
        return printer._print(sp.Symbol(f"M_{self.args[1]}"))

    @staticmethod
    def tex(width: str, depth: str) -> str:
        return rf"W_{{{depth}}} \cdots W_1"
