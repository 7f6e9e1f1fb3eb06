"""Heads of losses that scale with their weights, and of derivatives at a place.

``homogeneous(z, k)`` is the value J(z) of any function with J(c z) = c^k J(z) for c > 0 and with
two derivatives; ``at_place(matrix, letter, place)`` is a matrix, such as a gradient in ``letter``,
where the letter is ``place``.
"""

from typing import Any

from theory.functions.base import Matrix, Number
from theory.functions.heads import Head


class homogeneous(Head, Number):  # noqa: N801 (a SymPy function is written like a function)
    r"""The value at z of a homogeneous function of the degree k."""

    nargs = 2

    def _sympystr(self, printer: Any) -> str:
        return f"J({printer.doprint(self.args[0])})"

    @staticmethod
    def tex(z: str, k: str) -> str:
        return rf"J\left({z}\right)"


class at_place(Head, Matrix):  # noqa: N801
    r"""A matrix that depends on a letter, where the letter is something else."""

    @staticmethod
    def tex(matrix: str, letter: str, place: str) -> str:
        return rf"\left. {matrix} \right|_{{{letter} = {place}}}"
