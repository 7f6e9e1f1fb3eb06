"""Eigenvalues of a symmetric matrix.

``largest(R)``, ``second_largest(R)``, ``smallest(R)`` and ``nth_largest(R, n)`` are numbers,
``smallest_positive(R)`` is the smallest that is not zero; ``eigenvalues(R)`` is the column of all
in ascending order. ``Spectra`` names those of matrices of numbers.
"""

import math
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from flint import arb, ctx

from theory.functions.base import NUMERIC, Matrix, Number


class Eigenvalue(Number):
    """An eigenvalue of a symmetric matrix: a number, evaluated to any precision."""

    nargs = 1
    latex_name = r"\lambda"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)

        def numeric(matrix: Any, *rest: Any) -> Any:
            return cls.choose(list(np.linalg.eigvalsh(matrix)), *rest)

        NUMERIC[cls.__name__] = numeric

    #: The one that is meant, of all eigenvalues in ascending order (and of the other arguments).
    choose: Callable[..., Any]

    def doit(self, **hints: Any) -> sp.Expr:
        """The same of the matrix evaluated: it stays an eigenvalue."""
        return self.func(*(each.doit(**hints) for each in self.args))

    def _eval_evalf(self, prec: int) -> sp.Expr | None:
        matrix, *rest = (each.doit() for each in self.args)
        if not isinstance(matrix, sp.MatrixBase):
            return None
        with mpmath.workprec(prec + 20):
            entries = mpmath.matrix(matrix.evalf(mpmath.mp.dps).tolist())
            values = sorted(mpmath.mp.eigsy(entries, eigvals_only=True))
            return sp.Float(self.choose(values, *rest), precision=prec)

    def _in_tex(self, printer: Any) -> str:
        return rf"{self.latex_name}\left({printer.doprint(self.args[0])}\right)"


class largest(Eigenvalue):  # noqa: N801 (a SymPy function is written like a function)
    r"""The largest eigenvalue of a symmetric matrix."""

    latex_name = r"\lambda_{\max}"

    @staticmethod
    def choose(values: list[Any]) -> Any:
        return values[-1]


class nth_largest(Eigenvalue):  # noqa: N801
    r"""The n-th largest eigenvalue of a symmetric matrix, n = 1, 2 ...; minus infinity where it has
    fewer, the supremum of none."""

    nargs = 2

    @staticmethod
    def choose(values: list[Any], n: Any) -> Any:
        return values[-int(n)] if n <= len(values) else -math.inf

    def _in_tex(self, printer: Any) -> str:
        matrix, n = self._printed(printer)
        return rf"\lambda_{{{n}}}\left({matrix}\right)"


class second_largest(Eigenvalue):  # noqa: N801
    r"""The second largest eigenvalue; of a single one minus infinity."""

    latex_name = r"\lambda_{2}"

    @staticmethod
    def choose(values: list[Any]) -> Any:
        return nth_largest.choose(values, 2)


class smallest(Eigenvalue):  # noqa: N801
    r"""The smallest eigenvalue of a symmetric matrix."""

    latex_name = r"\lambda_{\min}"

    @staticmethod
    def choose(values: list[Any]) -> Any:
        return values[0]


class smallest_positive(Eigenvalue):  # noqa: N801
    r"""The smallest eigenvalue above 0; nan for the zero matrix.

    In floats it is the smallest above rounding, N eps times the largest."""

    latex_name = r"\lambda_{\min}^{+}"

    @staticmethod
    def choose(values: list[Any]) -> Any:
        floor = len(values) * sys.float_info.epsilon * max(abs(values[-1]), abs(values[0]))
        return next((value for value in values if value > floor), math.nan)


class eigenvalues(Matrix):  # noqa: N801
    r"""All eigenvalues of a symmetric matrix in ascending order."""

    @property
    def shape(self) -> tuple[Any, Any]:
        """A column of as many as the matrix has rows."""
        return self.args[0].shape[0], sp.Integer(1)

    @staticmethod
    def exact(R: Any) -> Any:
        fixed = sp.ImmutableMatrix(R)
        return sp.Matrix([nth_largest(fixed, n) for n in range(R.rows, 0, -1)])

    @staticmethod
    def numeric(R: Any) -> Any:
        return np.linalg.eigvalsh(R)[:, None]

    @staticmethod
    def tex(R: str) -> str:
        return rf"\lambda\left({R}\right)"


class numbered_eigenvalue(sp.Function):  # noqa: N801
    r"""An eigenvalue of a matrix of numbers by its place, counted from 0 upwards."""

    nargs = 2
    is_real = True
    of_a_matrix = True  # whose entries are evaluated here

    @staticmethod
    def ball(matrix: Any, place: Any) -> Any:
        """Its value on balls; the radius is an estimate of mpmath's rounding, not a bound."""
        values = _eigenvalues(matrix, ctx.prec)
        size = max(abs(values[0]), abs(values[-1]))
        return arb(values[int(place)], size * arb(2) ** (1 - ctx.prec) * len(values))


class Spectra:
    """Eigenvalues of matrices of numbers by name: equal ones have one name, and 0 is 0.

    In matrices of rational numbers that is found exactly, else to ``digits`` + 20 digits.
    """

    def __init__(self, digits: int) -> None:
        self.bits = int(3.33 * (digits + 25)) + 1
        self.close = 10.0 ** -min(digits + 20, 300)
        self.known: dict[Any, tuple[list[Any], list[Any]]] = {}

    def named(self, expression: Any) -> Any:
        """``expression`` with its eigenvalues by name."""
        named = expression.atoms(Eigenvalue) if hasattr(expression, "atoms") else ()
        return expression.xreplace({each: self._name(each) for each in named})

    def _name(self, each: Eigenvalue) -> Any:
        matrix = sp.ImmutableMatrix(each.args[0])
        if matrix not in self.known:
            self.known[matrix] = self._names(matrix)
        values, names = self.known[matrix]
        if isinstance(each, smallest_positive):  # nothing here is rounding, however small
            return next((names[i] for i, x in enumerate(values) if x > 0 and names[i] != 0), sp.nan)
        chosen = each.choose(values, *each.args[1:])
        places = [place for place, value in enumerate(values) if value is chosen]
        return names[places[0]] if places else sp.sympify(chosen)

    def _names(self, matrix: Any) -> tuple[list[Any], list[Any]]:
        values = _eigenvalues(matrix, self.bits)
        size = len(values)
        largest = max(abs(values[0]), abs(values[-1])) or 1
        gaps = [values[i + 1] - values[i] for i in range(size - 1)]
        merged = [i for i, gap in enumerate(gaps) if gap <= self.close * largest]
        zeros = [i for i, value in enumerate(values) if abs(value) <= self.close * largest]
        if all(entry.is_Rational for entry in matrix):
            if merged:
                equal = size - _distinct(matrix)
                merged = sorted(merged, key=lambda i: gaps[i])[:equal]
            if zeros:
                zeros = sorted(zeros, key=lambda i: abs(values[i]))[: size - matrix.rank()]
        names: list[Any] = []
        for i in range(size):
            if i in zeros:
                names.append(sp.Integer(0))
            else:
                same = i - 1 in merged and names[-1] != 0
                names.append(names[-1] if same else numbered_eigenvalue(matrix, i))
        return values, names


@lru_cache(maxsize=64)
def _eigenvalues(matrix: Any, bits: int) -> list[Any]:
    """All eigenvalues of a symmetric matrix of numbers, upwards, to so many bits of the largest."""
    with mpmath.workprec(bits + 20):
        entries = mpmath.matrix(matrix.evalf(mpmath.mp.dps + 2).tolist())
        return sorted(mpmath.mp.eigsy(entries, eigvals_only=True))


def _distinct(matrix: Any) -> int:
    """How many eigenvalues of a rational matrix differ."""
    polynomial = matrix.charpoly()
    return int(sum(factor.degree() for factor, _ in polynomial.as_poly().sqf_list()[1]))
