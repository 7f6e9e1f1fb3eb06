"""Heads of where gradient flow ends.

``end_of_flow(value, loss, letters, starts)`` is what ``value`` tends to at late times, where the
letters start at ``starts`` and move down the gradient of ``loss`` in them.
"""

from theory.functions.base import Number
from theory.functions.heads import Head


class end_of_flow(Head, Number):  # noqa: N801 (a SymPy function is written like a function)
    r"""What a value tends to along the gradient flow of a loss."""

    reaches = True

    nargs = 4

    @staticmethod
    def tex(value: str, loss: str, letters: str, starts: str) -> str:
        flow = rf"\dot{{x}} = -\nabla_x \left[{loss}\right],\ x = {letters},\ x(0) = {starts}"
        return rf"\lim_{{t \to \infty}} {value} \quad \left({flow}\right)"
