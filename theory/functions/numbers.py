"""Functions of a number that SymPy lacks. Each states its value on balls (``theory.evaluation``).

``scaled_bessel(n, x)`` is exp(-x) I_n(x), which stays finite where I_n overflows.
``escape_rate(q)`` is the learning rate at which descent leaves the bump around zero of
q x^2/2 + 1 - cos(x).
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import sympy as sp
from flint import arb

from theory.evaluation.balls import INFINITY, ball, zero_between
from theory.functions.base import NUMERIC, Number


def _of_scipy(name: str) -> Callable[..., Any]:
    """A function of scipy.special, which is imported when it is called."""
    return lambda *x: getattr(import_module("scipy.special"), name)(*x)


# SymPy does not print the elliptic integrals for SciPy, and binomials that would overflow early
NUMERIC |= {
    "binomial": _of_scipy("binom"),
    "elliptic_e": _of_scipy("ellipe"),
    "elliptic_k": _of_scipy("ellipk"),
}


class scaled_bessel(Number):  # noqa: N801 (a SymPy function is written like a function)
    r"""exp(-x) I_n(x), with I_n the modified Bessel function."""

    nargs = 2

    @staticmethod
    def exact(order: Any, x: Any) -> sp.Expr:
        return sp.exp(-x) * sp.besseli(order, x)

    @staticmethod
    def numeric(order: Any, x: Any) -> Any:
        return _of_scipy("ive")(order, x)

    @staticmethod
    def tex(order: str, x: str) -> str:
        return rf"\left[e^{{-{x}}} I_{{{order}}}\left({x}\right)\right]"

    def _eval_evalf(self, prec: int) -> sp.Expr:
        return self.doit()._eval_evalf(prec)

    @staticmethod
    def ball(order: Any, x: Any) -> Any:
        """Its value on balls."""
        return ball(x).bessel_i(ball(order), scaled=True)


class escape_rate(sp.Function):  # noqa: N801
    r"""The least (x + b)/(q x + sin x) over 0 < x < b, with b the least positive solution of
    q b = -sin b; infinity where there is none.

    It is 1/(q + cos x) where (x + b) cos x = sin x + sin b.
    """

    nargs = 1
    is_extended_positive = True

    @staticmethod
    def ball(share: Any) -> Any:
        """Its value on balls."""
        q = arb(share)
        half = zero_between(  # where -sin(x)/x is largest
            lambda x: x * x.cos() - x.sin(), lambda x: -x * x.sin(), 4.4, 4.6
        )
        if q * half >= -half.sin():
            return INFINITY
        top = zero_between(lambda x: q * x + x.sin(), lambda x: q + x.cos(), arb.pi(), half)
        tangent = zero_between(
            lambda x: (x + top) * x.cos() - x.sin() - top.sin(),
            lambda x: -(x + top) * x.sin(),
            0,
            arb.pi() / 2,
        )
        return 1 / (q + tangent.cos())

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"\operatorname{{escape}}{power}\left({printer.doprint(self.args[0])}\right)"
