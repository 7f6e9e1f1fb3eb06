"""Heads for sums over examples, each of which has letters of its own values.

``over_examples(A, B)`` is the sum of the matrices A of B examples, ``added(value, B)`` that of a
number of each.
"""

from theory.functions.base import Matrix, Number
from theory.functions.heads import Head


class over_examples(Head, Matrix):  # noqa: N801 (a SymPy function is written like a function)
    r"""The sum of a matrix of each example over so many examples."""

    reaches = True

    @staticmethod
    def tex(matrix: str, count: str) -> str:
        return rf"\sum_{{b=1}}^{{{count}}} \left[{matrix}\right]_{{b}}"


class added(Head, Number):  # noqa: N801
    r"""The sum of a number of each example over so many examples."""

    reaches = True

    nargs = 2

    @staticmethod
    def tex(value: str, count: str) -> str:
        return rf"\sum_{{b=1}}^{{{count}}} \left[{value}\right]_{{b}}"
