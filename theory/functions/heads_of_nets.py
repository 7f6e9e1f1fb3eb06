"""Heads of random nets: what a wide net computes, and a function applied again and again.

``channel(activation, layer, width, input)`` is the sum w'x that one channel of a layer has before
its activation, at an input. All layers have independent Gaussian weights of mean 0, of variance
2 over the number of the layer's inputs, and no biases. The inputs that are named are independent,
of independent standard Gaussian entries.
"""

from typing import Any

import sympy as sp

from theory.functions.base import Number
from theory.functions.heads import Head


class OfNets(Head, Number):
    """A number that is stated, and not computed here."""

    def doit(self, **hints: Any) -> Any:
        """Itself."""
        return self


class channel(OfNets):  # noqa: N801 (a SymPy function is written like a function)
    r"""The sum that a channel of a layer has at an input, before its activation."""

    nargs = 4

    def _sympystr(self, printer: Any) -> str:
        return f"z_{printer.doprint(self.args[1])}({printer.doprint(self.args[3])})"

    def _pretty(self, printer: Any) -> Any:
        return printer._print(sp.Function(f"z_{self.args[1]}")(self.args[3]))

    @staticmethod
    def tex(activation: str, layer: str, width: str, point: str) -> str:
        return rf"z_{{{layer}}}({point})"


class repeated(OfNets):  # noqa: N801
    r"""``repeated(f, start, l)``: f applied l - 1 times to a start.

    f is a ``Lambda``, a map of correlations: it takes numbers from -1 to 1 to such numbers.
    """

    nargs = 3

    @staticmethod
    def tex(f: str, start: str, layer: str) -> str:
        return rf"f^{{\circ ({layer} - 1)}}({start}),\ f: {f}"
