"""Functions of a matrix that SymPy lacks, each with an exact and a NumPy meaning.

``largest(R)``, ``second_largest(R)``, ``smallest(R)`` are eigenvalues of a symmetric matrix,
``smallest_positive(R)`` the smallest that is not zero, ``pinv(R)`` is the Moore-Penrose inverse.
"""

from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr


class Eigenvalue(sp.Function):
    """An eigenvalue of a symmetric matrix: a number, evaluated to any precision."""

    nargs = 1
    is_real = True
    latex_name = r"\lambda"

    def doit(self, **hints: Any) -> sp.Expr:
        matrix = self.args[0]
        matrix = matrix.doit() if hasattr(matrix, "doit") else matrix
        return self.func(matrix)

    def _eval_evalf(self, prec: int) -> sp.Expr | None:
        import mpmath

        matrix = self.args[0]
        if isinstance(matrix, MatrixExpr):
            matrix = matrix.doit()
        if not isinstance(matrix, sp.MatrixBase):
            return None
        with mpmath.workprec(prec + 20):
            entries = mpmath.matrix(matrix.evalf(mpmath.mp.dps).tolist())
            values = sorted(mpmath.mp.eigsy(entries, eigvals_only=True))
            return sp.Float(self.choose(values), precision=prec)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"{self.latex_name}\left({printer.doprint(self.args[0])}\right){power}"

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({printer.doprint(self.args[0])})"

    @staticmethod
    def choose(values: list[Any]) -> Any:
        raise NotImplementedError


class largest(Eigenvalue):  # noqa: N801 (a SymPy function is written like a function)
    r"""The largest eigenvalue of a symmetric matrix."""

    latex_name = r"\lambda_{\max}"

    @staticmethod
    def choose(values: list[Any]) -> Any:
        return values[-1]


class second_largest(Eigenvalue):  # noqa: N801
    r"""The second largest eigenvalue; of a single one, the supremum of none, minus infinity."""

    latex_name = r"\lambda_{2}"

    @staticmethod
    def choose(values: list[Any]) -> Any:
        return values[-2] if len(values) > 1 else float("-inf")


class smallest(Eigenvalue):  # noqa: N801
    r"""The smallest eigenvalue of a symmetric matrix."""

    latex_name = r"\lambda_{\min}"

    @staticmethod
    def choose(values: list[Any]) -> Any:
        return values[0]


class smallest_positive(Eigenvalue):  # noqa: N801
    r"""The smallest eigenvalue above rounding, N eps times the largest; nan for the zero matrix."""

    latex_name = r"\lambda_{\min}^{+}"

    @staticmethod
    def choose(values: list[Any]) -> Any:
        import math
        import sys

        floor = len(values) * sys.float_info.epsilon * max(abs(values[-1]), abs(values[0]))
        return next((value for value in values if value > floor), math.nan)


class numbered_eigenvalue(sp.Function):  # noqa: N801
    r"""An eigenvalue of a matrix of numbers by its place, counted from 0 upwards."""

    nargs = 2
    is_real = True

    @staticmethod
    def ball(matrix: Any, place: Any) -> Any:
        """Its value, on balls (``theory.balls``)."""
        from flint import arb, ctx

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
        self.found: dict[Any, tuple[list[Any], list[Any]]] = {}

    def named(self, expression: Any) -> Any:
        """``expression`` with its eigenvalues by name."""
        found = expression.atoms(Eigenvalue) if hasattr(expression, "atoms") else ()
        return expression.xreplace({each: self._name(each) for each in found})

    def _name(self, each: Eigenvalue) -> Any:
        matrix = sp.ImmutableMatrix(each.args[0])
        if matrix not in self.found:
            self.found[matrix] = self._names(matrix)
        values, names = self.found[matrix]
        chosen = each.choose(values)
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
    import mpmath

    with mpmath.workprec(bits + 20):
        entries = mpmath.matrix(matrix.evalf(mpmath.mp.dps + 2).tolist())
        return sorted(mpmath.mp.eigsy(entries, eigvals_only=True))


def _distinct(matrix: Any) -> int:
    """How many eigenvalues of a rational matrix differ."""
    polynomial = matrix.charpoly()
    return int(sum(factor.degree() for factor, _ in polynomial.as_poly().sqf_list()[1]))


class pinv(MatrixExpr):  # noqa: N801
    r"""The Moore-Penrose inverse of a matrix."""

    def __new__(cls, matrix: Any) -> "pinv":
        return super().__new__(cls, sp.sympify(matrix))

    @property
    def shape(self) -> tuple[Any, Any]:
        rows, columns = self.args[0].shape
        return columns, rows

    def doit(self, **hints: Any) -> Any:
        matrix = self.args[0].doit(**hints)
        return matrix.pinv() if isinstance(matrix, sp.MatrixBase) else self.func(matrix)

    def _eval_transpose(self) -> Any:
        return self.func(self.args[0].T)

    def _latex(self, printer: Any) -> str:
        return rf"{printer.parenthesize(self.args[0], 100)}^{{+}}"

    def _sympystr(self, printer: Any) -> str:
        return f"pinv({printer.doprint(self.args[0])})"

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"pinv({printer._print(self.args[0])})"


class trace(sp.Trace):  # noqa: N801
    r"""The trace of a matrix, which SymPy itself does not print for NumPy."""

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"trace({printer._print(self.arg)})"


class det(sp.Determinant):  # noqa: N801
    r"""The determinant of a matrix, which SymPy itself does not print for NumPy."""

    def _numpycode(self, printer: Any, **kwargs: Any) -> str:
        return f"det({printer._print(self.arg)})"


def numpy_functions() -> dict[str, Any]:
    """What the names of this module mean to NumPy."""
    import numpy as np

    def eigenvalue(kind: type[Eigenvalue]) -> Any:
        return lambda matrix: kind.choose(list(np.linalg.eigvalsh(matrix)))

    def inverse(matrix: Any) -> Any:
        # NumPy's default cutoff, 1e-15, keeps what rounding leaves of a singular X X'
        return np.linalg.pinv(matrix, rcond=max(matrix.shape) * np.finfo(float).eps)

    kinds = (largest, second_largest, smallest, smallest_positive)
    named = {"pinv": inverse, "det": np.linalg.det}
    return {kind.__name__: eigenvalue(kind) for kind in kinds} | named
