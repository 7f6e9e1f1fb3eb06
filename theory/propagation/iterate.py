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
        import mpmath

        (layer,) = self.args
        if not layer.is_Integer:
            return None
        with mpmath.workprec(prec + 20):
            c = mpmath.mpf(0)
            for _ in range(int(layer) - 1):
                c = (mpmath.sqrt(1 - c * c) + c * (mpmath.pi - mpmath.acos(c))) / mpmath.pi
            return sp.Float(c, precision=prec)

    @staticmethod
    def _imp_(layers: Any) -> Any:
        """What NumPy evaluates; layers may be an array."""
        import numpy as np

        layers = np.asarray(layers, int)
        passed = [0.0]
        for _ in range(layers.max() - 1):
            c = passed[-1]
            passed.append((np.sqrt(1 - c * c) + c * (np.pi - np.arccos(c))) / np.pi)
        return np.array(passed)[layers - 1]

    def _pretty(self, printer: Any) -> Any:
        return printer._print(sp.Function("c")(self.args[0]))

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"c_{{{printer.doprint(self.args[0])}}}{power}"
