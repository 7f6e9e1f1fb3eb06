"""Functions of a number that SymPy lacks, each with an exact and a NumPy meaning.

``scaled_bessel(n, x)`` is exp(-x) I_n(x), which stays finite where I_n overflows.
``escape_rate(q)`` is the learning rate at which descent leaves the bump around zero of
q x^2/2 + 1 - cos(x).
"""

from collections.abc import Callable
from typing import Any

import sympy as sp


class scaled_bessel(sp.Function):  # noqa: N801 (a SymPy function is written like a function)
    r"""exp(-x) I_n(x), with I_n the modified Bessel function."""

    nargs = 2
    is_real = True

    def doit(self, **hints: Any) -> sp.Expr:
        order, x = (argument.doit(**hints) for argument in self.args)
        return sp.exp(-x) * sp.besseli(order, x)

    def _eval_evalf(self, prec: int) -> sp.Expr:
        return self.doit()._eval_evalf(prec)

    @staticmethod
    def ball(context: Any, order: Any, x: Any) -> Any:
        """Its value and radius (``theory.walk``)."""
        from theory.balls import Floats

        if isinstance(context, Floats):
            return context.unknown()  # SciPy's loses three digits next to 0
        mp = context.mp
        return context.apply(lambda n, x: mp.exp(-x) * mp.besseli(n, x), order, x, ulps=16)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        order, x = map(printer.doprint, self.args)
        power = f"^{{{exp}}}" if exp else ""
        return rf"\left[e^{{-{x}}} I_{{{order}}}\left({x}\right)\right]{power}"


class escape_rate(sp.Function):  # noqa: N801
    r"""The least (x + b)/(q x + sin x) over 0 < x < b, with b the least positive solution of
    q b = -sin b; infinity where there is none.

    It is 1/(q + cos x) where (x + b) cos x = sin x + sin b.
    """

    nargs = 1
    is_extended_positive = True

    @staticmethod
    def ball(context: Any, share: Any) -> Any:
        """Its value and radius (``theory.walk``); float64 leaves it to more digits."""
        from theory.balls import Ball, Floats

        if isinstance(context, Floats):
            return context.unknown()
        found = context.apply(lambda x: _escape(context.mp, x), share, ulps=64)
        return Ball(found.value, 0) if context.mp.isinf(found.value) else found

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"\operatorname{{escape}}{power}\left({printer.doprint(self.args[0])}\right)"


def _escape(mp: Any, share: Any) -> Any:
    """``escape_rate``, a number of mpmath."""
    sin, cos = mp.sin, mp.cos

    def root(function: Callable[[Any], Any], low: Any, high: Any) -> Any:
        return mp.findroot(function, (low, high), solver="anderson", tol=mp.eps**2)

    half = root(lambda x: x * cos(x) - sin(x), 4.4, 4.6)  # where -sin(x)/x is largest
    if share * half >= -sin(half):
        return mp.inf
    top = root(lambda x: share * x + sin(x), mp.pi, half)
    place = root(lambda x: (x + top) * cos(x) - sin(x) - sin(top), 0, mp.pi / 2)
    return 1 / (share + cos(place))


#: More terms of a continued fraction than this are not waited for.
MOST_TERMS = 200_000


def beta_share(mp: Any, a: Any, b: Any, x: Any) -> Any:
    """The regularised incomplete beta function I_x(a, b), a number of mpmath.

    Its continued fraction (DLMF 8.17.22) takes about the root of a + b terms. Raises
    ArithmeticError where it takes more than ``MOST_TERMS``, and ValueError for x outside [0, 1].
    """
    if not 0 <= x <= 1:
        raise ValueError(x)
    if x in (0, 1):
        return x
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(mp, b, a, 1 - x)
    fraction = c = mp.mpf(1)
    d = 0
    for j in range(1, MOST_TERMS):
        m = j // 2
        if j % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        c, d = 1 + term / c, 1 / (1 + term * d)
        fraction *= c * d
        if abs(c * d - 1) < mp.eps:
            weight = a * mp.log(x) + b * mp.log(1 - x) - mp.log(a)
            logs = mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
            return mp.exp(weight + logs) / fraction
    raise ArithmeticError(f"I_x(a, b) takes more than {MOST_TERMS} terms")


def numpy_functions() -> dict[str, Any]:
    """What the names of this module mean to NumPy, and those that SymPy does not print for it or,
    like binomials, would overflow early."""
    from scipy.special import binom, ellipe, ellipk, ive

    return {
        "scaled_bessel": ive,
        "binomial": binom,
        "elliptic_e": ellipe,
        "elliptic_k": ellipk,
    }
