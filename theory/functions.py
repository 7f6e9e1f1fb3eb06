"""Functions of a number that SymPy lacks, each with an exact and a NumPy meaning.

``scaled_bessel(n, x)`` is exp(-x) I_n(x), which stays finite where I_n overflows.
``escape_rate(q)`` is the learning rate at which descent leaves the bump around zero of
q x^2/2 + 1 - cos(x).
"""

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

    def _eval_evalf(self, prec: int) -> Any:
        from mpmath import mp

        def root(function: Any, low: Any, high: Any) -> Any:
            return mp.findroot(function, (low, high), solver="anderson", tol=mp.eps**2)

        share = self.args[0]._eval_evalf(prec + 20)
        if share is None or not share.is_Float:
            return None
        with mp.workprec(prec + 20):
            found = _escape(share._to_mpmath(prec + 20), mp, root)
            return sp.oo if mp.isinf(found) else sp.Float._new(found._mpf_, prec)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"\operatorname{{escape}}{power}\left({printer.doprint(self.args[0])}\right)"


def _escape(share: Any, library: Any, root: Any) -> Any:
    """``escape_rate`` with ``library``'s sines and a solver ``root(function, low, high)``."""
    sin, cos = library.sin, library.cos
    half = root(lambda x: x * cos(x) - sin(x), 4.0, 4.7)  # where -sin(x)/x is largest
    if share * half >= -sin(half):
        return library.inf
    top = root(lambda x: share * x + sin(x), library.pi, half)
    place = root(lambda x: (x + top) * cos(x) - sin(x) - sin(top), 0.0, library.pi / 2)
    return 1 / (share + cos(place))


def numpy_functions() -> dict[str, Any]:
    """What the names of this module mean to NumPy, and those that SymPy does not print for it or,
    like binomials, would overflow early."""
    import numpy as np
    from scipy.optimize import brentq
    from scipy.special import binom, ellipe, ellipk, ive

    def root(function: Any, low: float, high: float) -> float:
        return float(brentq(function, low, high, xtol=1e-15, rtol=1e-15))

    return {
        "scaled_bessel": ive,
        "escape_rate": np.vectorize(lambda share: _escape(share, np, root), otypes=[float]),
        "binomial": binom,
        "elliptic_e": ellipe,
        "elliptic_k": ellipk,
    }
