"""The correlation map, applied again and again from 0: a function of the layer."""

from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from theory.functions.iterates import Iterated
from theory.propagation.letters import map_of


class correlation_at(Iterated):  # noqa: N801 (a SymPy function is written like a function)
    r"""c_l: c_1 = 0, c_(l+1) = f(c_l), f(c) = (sqrt(1 - c^2) + c (pi - arccos c))/pi."""

    start = sp.Integer(0)

    @staticmethod
    def after(value: Any) -> Any:
        return map_of(value)

    @classmethod
    def eval(cls, layer: sp.Expr) -> sp.Expr | None:
        return sp.Integer(0) if layer == 1 else None

    def _eval_evalf(self, prec: int) -> sp.Expr | None:
        (layer,) = self.args
        if not layer.is_Integer:
            return None
        with ctx.workprec(prec + 2 * int(layer).bit_length() + 4):
            return sp.Float(self.ball(fmpq(int(layer))).mid()._mpf_, precision=prec)

    @staticmethod
    def ball(layer: Any) -> Any:
        """Its value on balls."""
        c, pi = arb(0), arb.pi()
        for _ in range(int(layer) - 1):
            c = (((1 - c * c).sqrt() + c * (pi - c.acos())) / pi).mid()
        # the map lets no two correlations part; a root of 1 - c^2 magnifies rounding by the layer
        return arb(c, int(layer) ** 2 * arb(2) ** (1 - ctx.prec))

    def _pretty(self, printer: Any) -> Any:
        (layer,) = self.args
        return printer._print(sp.Symbol(f"c_{layer}") if layer.is_Atom else sp.Function("c")(layer))

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"c_{{{printer.doprint(self.args[0])}}}{power}"
