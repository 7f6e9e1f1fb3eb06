"""Heads of where gradient descent ends.

``end_of_descent(value, loss, letters, starts, rate)`` is what ``value`` tends to at late steps,
where the letters start at ``starts``, move by the rate down the gradient of ``loss`` in them, and
converge to a place where the loss is least.
"""

from theory.functions.base import Number
from theory.functions.heads import Head


class end_of_descent(Head, Number):  # noqa: N801 (a SymPy function is written like a function)
    r"""What a value tends to along gradient descent that converges to a minimum of a loss."""

    reaches = True

    nargs = 5

    @staticmethod
    def tex(value: str, loss: str, letters: str, starts: str, rate: str) -> str:
        step = rf"x_{{k+1}} = x_k - {rate} \nabla_x \left[{loss}\right],\ x = {letters}"
        return rf"\lim_{{k \to \infty}} {value} \quad \left({step},\ x_0 = {starts}\right)"
