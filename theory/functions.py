"""Functions of a number that SymPy lacks, each with an exact and a NumPy meaning.

``scaled_bessel(n, x)`` is exp(-x) I_n(x), which stays finite where I_n overflows.
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

    @staticmethod
    def ball(context: Any, order: Any, x: Any) -> Any:
        """Its value and radius (``theory.evaluation``)."""
        from theory.balls import Floats

        if isinstance(context, Floats):
            from scipy.special import ive

            return context.apply(ive, order, x, ulps=16)
        mp = context.mp
        return context.apply(lambda n, x: mp.exp(-x) * mp.besseli(n, x), order, x, ulps=16)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        order, x = map(printer.doprint, self.args)
        power = f"^{{{exp}}}" if exp else ""
        return rf"\left[e^{{-{x}}} I_{{{order}}}\left({x}\right)\right]{power}"


def numpy_functions() -> dict[str, Any]:
    """What the names of this module mean to NumPy, and those that SymPy does not print for it or,
    like binomials, would overflow early."""
    from scipy.special import binom, ellipe, ellipk, ive

    return {"scaled_bessel": ive, "binomial": binom, "elliptic_e": ellipe, "elliptic_k": ellipk}
