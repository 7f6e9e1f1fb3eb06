"""The correlation map, applied again and again from 0: a function of the layer."""

from typing import Any

import sympy as sp


class correlation_at(sp.Function):  # noqa: N801 (a SymPy function is written like a function)
    r"""c_l: c_1 = 0, c_(l+1) = f(c_l), f(c) = (sqrt(1 - c^2) + c (pi - arccos c))/pi."""

    nargs = 1
    is_real = True

    @classmethod
    def eval(cls, layer: sp.Expr) -> sp.Expr | None:
        return sp.Integer(0) if layer == 1 else None

    def _eval_evalf(self, prec: int) -> sp.Expr | None:
        from fractions import Fraction

        from theory.balls import Multiprecision

        (layer,) = self.args
        if not layer.is_Integer:
            return None
        context = Multiprecision(prec + 2 * int(layer).bit_length() + 4)
        with context.active():
            return sp.Float(self.ball(context, Fraction(int(layer))).value, precision=prec)

    @staticmethod
    def ball(context: Any, layer: Any) -> Any:
        """Its value and radius (``theory.walk``); float64 leaves it to more digits."""
        from theory.balls import Ball, Floats

        if isinstance(context, Floats):
            return context.unknown()
        mp, c = context.mp, context.mp.mpf(0)
        for _ in range(int(layer) - 1):
            c = (mp.sqrt(1 - c * c) + c * (mp.pi - mp.acos(c))) / mp.pi
        # the map lets no two correlations part; a root of 1 - c^2 magnifies rounding by the layer
        return Ball(c, int(layer) ** 2 * context.unit)

    def _pretty(self, printer: Any) -> Any:
        return printer._print(sp.Function("c")(self.args[0]))

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"c_{{{printer.doprint(self.args[0])}}}{power}"
