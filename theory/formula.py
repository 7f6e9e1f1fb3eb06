"""One SymPy expression drives LaTeX, NumPy and exact arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp

from theory import arguments, conditions, typeset
from theory.domain import Condition, Parameter
from theory.evaluator import Evaluator, each_number

Expression = Any  # a SymPy expression, or a dict of named ones


@dataclass(frozen=True, eq=False)
class Formula:
    """An expression (or a dict of named ones) in the symbols of ``parameters``."""

    expression: Expression
    parameters: tuple[Parameter, ...]
    conditions: tuple[Condition, ...] = ()

    def __call__(self, **values: Any) -> Any:
        """The value in float64; numbers and arrays of numbers broadcast.

        Functions of scalars are right to rounding; each number takes some 20 us. Matrices are
        arrays or nested lists, and their algebra is NumPy's, so that rounding is magnified by their
        condition. Returns a float, an array, or {name: value}. Raises DomainError where a value is
        missing, unknown or outside its domain, where a condition does not hold, and where there is
        no real value.
        """
        values = {name: arguments.as_array(name, value) for name, value in values.items()}
        return self._unnamed(self._evaluator.floats(self._checked(values)))

    def exact(self, digits: int | None = 15, **values: Any) -> Any:
        """The value at exact ``values``, right to ``digits`` digits (None: symbolic).

        Values are integers, Fractions or nested lists of them. The digits are guaranteed by
        arithmetic that carries a bound on its error (``theory.evaluation``); that of eigenvalues is
        an estimate. What cannot be told from 0 with some 16,000 bits is 0. Raises DomainError as a
        call does.
        """
        values = {name: arguments.as_rational(value) for name, value in values.items()}
        values = self._checked(values)
        if digits is None:
            return self._unnamed(self._evaluator.symbolic(values))
        balls = self._evaluator.exact(values, digits)
        return self._unnamed(
            {key: each_number(part, lambda x: _decimal(x, digits)) for key, part in balls.items()}
        )

    def symbolic(self, **values: Any) -> Any:
        """The value at exact ``values`` that may hold letters; whether they are allowed is not
        checked."""
        by_name = {parameter.name: parameter for parameter in self.parameters}
        sizes = arguments.sizes(by_name, values)
        return self._unnamed(self._evaluator.symbolic({**values, **sizes}))

    @cached_property
    def unconditioned(self) -> "Formula":
        """The same formula where its conditions do not hold, to show what becomes of it there."""
        return Formula(self.expression, self.parameters)

    def latex(self) -> str:
        """LaTeX of the expression; named ones as an aligned list."""
        if not self.named:
            return typeset.latex(self.expression)
        rows = [
            rf"{typeset.named(key)} & = \displaystyle {typeset.latex(each)}"
            for key, each in self.expression.items()
        ]
        return r"\begin{array}{rl} " + r" \\ ".join(rows) + r" \end{array}"

    @property
    def named(self) -> bool:
        """Whether the expression is a dict of named ones."""
        return isinstance(self.expression, Mapping)

    def _checked(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values and the sizes of their arrays; DomainError where they are not allowed."""
        by_name = {parameter.name: parameter for parameter in self.parameters}
        arguments.check(by_name, values)
        for condition in self.conditions:
            conditions.check(condition, by_name, values)
        return {**values, **arguments.sizes(by_name, values)}

    def _unnamed(self, results: Mapping[str, Any]) -> Any:
        return results if self.named else results[""]

    @cached_property
    def _evaluator(self) -> Evaluator:
        return Evaluator(self._named, self.parameters)

    @property
    def _named(self) -> Mapping[str, Any]:
        if self.named:
            return {key: sp.sympify(value) for key, value in self.expression.items()}
        return {"": sp.sympify(self.expression)}


def _decimal(number: Any, digits: int) -> Any:
    """A ball as a number of SymPy, rounded to ``digits`` digits, once."""
    import mpmath

    if not number.is_finite():
        return sp.oo if number > 0 else -sp.oo
    if number == 0:
        return sp.S.Zero
    middle = mpmath.mp.make_mpf(number.mid()._mpf_)
    return sp.Float(mpmath.nstr(middle, digits, strip_zeros=False), digits)
