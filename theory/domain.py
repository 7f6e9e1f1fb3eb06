"""Domains: what values a parameter may take, declared once.

One declaration gives the SymPy assumption, the error message, the range of a figure's axis
(``typical``) and, in the tests, the hypothesis strategy.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

Number = int | float | Fraction


class DomainError(ValueError):
    """A value outside its parameter's domain: one line that names it and what would be right."""


def _is_finite(value: Number) -> bool:
    """Whether a number is one; exact ones may be beyond the range of float64."""
    return not isinstance(value, float) or math.isfinite(value)


@dataclass(frozen=True)
class Real:
    """A real number between ``low`` and ``high``; the ends belong to it where ``closed``."""

    low: float = -math.inf
    high: float = math.inf
    closed: bool = False
    typical: tuple[float, float] = (-3.0, 3.0)

    def symbol(self, name: str) -> sp.Symbol:
        return sp.Symbol(name, real=True, **self._sign())

    def _sign(self) -> dict[str, bool]:
        if self.low >= 0:
            return {"nonnegative": True} if self.closed and self.low == 0 else {"positive": True}
        return {}

    def contains(self, value: Number) -> bool:
        if not _is_finite(value):
            return False
        if self.closed:
            return self.low <= value <= self.high
        return self.low < value < self.high

    def __str__(self) -> str:
        if math.isinf(self.low) and math.isinf(self.high):
            return "a number"
        if math.isinf(self.high):
            return f"a number {'>=' if self.closed else '>'} {self.low:g}"
        left, right = "[]" if self.closed else "()"
        return f"a number in {left}{self.low:g}, {self.high:g}{right}"


@dataclass(frozen=True)
class Integer:
    """A whole number of at least ``low`` and, where there is one, at most ``high``."""

    low: int = 1
    typical: tuple[int, int] = (1, 100)
    high: float = math.inf

    def symbol(self, name: str) -> sp.Symbol:
        sign = {"positive": True} if self.low >= 1 else {"nonnegative": True}
        return sp.Symbol(name, integer=True, **sign)

    def contains(self, value: Number) -> bool:
        return _is_finite(value) and value == int(value) and self.low <= value <= self.high

    def __str__(self) -> str:
        if math.isfinite(self.high):
            return f"a whole number from {self.low} to {self.high}"
        return f"a whole number >= {self.low}"


@dataclass(frozen=True)
class Array:
    """A real ``rows`` x ``columns`` matrix; equal letters of one claim are equal sizes.

    ``kind`` is "any", "symmetric", "psd" (symmetric, eigenvalues >= 0 up to rounding),
    "definite" (symmetric, eigenvalues > 0), "invertible", "diagonal" (and invertible),
    "orthogonal", "unit" (a column of length 1) or "varying" (a column whose entries are not all
    equal).
    """

    rows: sp.Symbol
    columns: sp.Symbol | int
    kind: str = "any"

    def symbol(self, name: str) -> sp.MatrixSymbol:
        return sp.MatrixSymbol(name, self.rows, self.columns)

    def __str__(self) -> str:
        an = str(self.rows)[0].lower() in "aefhilmnorsx"  # as the letter is said: an N, a P
        words = {
            "any": "an " if an else "a ",
            "definite": "a positive definite ",
            "psd": "a positive semidefinite ",
            "orthogonal": "an orthogonal ",
            "invertible": "an invertible ",
            "diagonal": "an invertible diagonal ",
        }
        if self.columns == 1:
            unit = "unit " if self.kind == "unit" else ""
            unequal = ", not all equal" if self.kind == "varying" else ""
            return f"a {unit}vector of {self.rows} numbers{unequal}"
        return f"{words.get(self.kind, f'a {self.kind} ')}{self.rows} x {self.columns} matrix"

    def sizes(self, shape: tuple[int, int]) -> dict[str, int]:
        """The sizes that an array of ``shape`` gives to the letters of this domain."""
        letters = {str(self.rows): shape[0]}
        if self.columns != 1:
            letters[str(self.columns)] = shape[1]
        return letters


Domain = Real | Integer | Array


@dataclass(frozen=True)
class Parameter:
    """A letter of the house with its meaning and its domain.

    ``latex`` is its typeset form, where it is not that of the name: ``lam`` is written lambda.
    """

    name: str
    meaning: str
    domain: Domain
    latex: str = ""

    @property
    def symbol(self) -> Any:
        """The SymPy symbol that formulas are written in."""
        return self.domain.symbol(self.name)

    def within(self, **changes: Any) -> "Parameter":
        """The same letter on a smaller domain: ``alpha.within(low=1)``."""
        from dataclasses import replace

        return replace(self, domain=replace(self.domain, **changes))

    def refuse(self, value: Any) -> DomainError:
        """The error for ``value``: it names the letter, its domain and its meaning."""
        return DomainError(f"{self.name} = {shortened(value)}: {self.name} is {self}")

    def __str__(self) -> str:
        return f"{self.domain} ({self.meaning})"


@dataclass(frozen=True)
class Condition:
    """A relation between the parameters of one claim, such as ``eta lam < 2``.

    ``words`` say it among the assumptions and in the message; ``relation`` is it in symbols, an
    inequality of numbers (or of numbers made of matrices), or ``sp.Ne`` of two.
    """

    words: str
    relation: Any

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Given:
    """A relation that a claim assumes of letters in its definition that are no parameters.

    There are no values at which it could be checked; rules may use it.
    """

    words: str
    relation: Any

    def __str__(self) -> str:
        return self.words


def shortened(value: Any) -> str:
    """``value`` in at most 60 characters."""
    text = str(value).replace("\n", " ")
    return text if len(text) <= 60 else text[:57] + "..."
