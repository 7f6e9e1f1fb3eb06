"""One SymPy expression drives LaTeX, NumPy and exact arithmetic."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from theory import (
    arguments,
    balls,
    columns,
    correlations,
    evaluation,
    functions,
    matrices,
    tensors,
    walk,
)
from theory.domain import Array, Condition, Parameter, Real

Expression = Any  # a SymPy expression, or a dict of named ones

#: What NumPy finds to be inf or nan is computed again exactly, if no more numbers than this enter.
FEW = 64


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
        import numpy as np

        values = {name: arguments.as_array(name, value) for name, value in values.items()}
        arguments.check(self._by_name, values, self.conditions)
        values |= arguments.sizes(self._by_name, values)
        # dead branches of a Piecewise are evaluated too
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            results = {key: _bare(part(values)) for key, part in self._parts.items()}
        if any(_is_broken(value) for value in results.values()) and self._is_small(values):
            exact = self._named_exact(None, values)
            results = {
                key: _bare(_floats(exact[key])) if _is_broken(value) else value
                for key, value in results.items()
            }
        return results if self.named else results[""]

    def exact(self, digits: int | None = 15, **values: Any) -> Any:
        """The value at exact ``values``, right to ``digits`` digits (None: symbolic).

        Values are integers, Fractions or nested lists of them. The digits are guaranteed by
        arithmetic that carries a bound on its error (``theory.evaluation``). Raises DomainError as
        a call does.
        """
        values = {name: arguments.as_rational(value) for name, value in values.items()}
        arguments.check(self._by_name, values, self.conditions)
        values |= arguments.sizes(self._by_name, values)
        if digits is None:
            results = {
                key: _symbolic(e.subs(self._exact(values))) for key, e in self._named.items()
            }
        else:
            found = self._named_exact(digits, values)
            results = {
                key: _each(value, lambda x: _decimal(x, digits)) for key, value in found.items()
            }
        return results if self.named else results[""]

    @cached_property
    def unconditioned(self) -> "Formula":
        """The same formula where its conditions do not hold, to show what becomes of it there."""
        return Formula(self.expression, self.parameters)

    def latex(self) -> str:
        """LaTeX of the expression; named ones as an aligned list."""
        if not self.named:
            return str(sp.latex(self.expression))
        rows = [rf"\text{{{key}}} &= {sp.latex(e)}" for key, e in self.expression.items()]
        return r"\begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}"

    @property
    def named(self) -> bool:
        """Whether the expression is a dict of named ones."""
        return isinstance(self.expression, Mapping)

    def _named_exact(self, digits: int | None, values: Mapping[str, Any]) -> dict[str, Any]:
        """Balls, in lists where they are matrices; ``values`` are floats or exact."""
        exact = {name: arguments.as_rational(_listed(value)) for name, value in values.items()}
        here = self._exact(exact)
        scalars = {
            letter: Fraction(int(x.p), int(x.q))
            for letter, x in here.items()
            if isinstance(x, sp.Rational)
        }
        results: dict[str, Any] = {}
        for key, expression in self._named.items():
            if walk.supports(expression):
                with suppress(walk.StatedError):
                    results[key] = evaluation.precise(expression, scalars, digits)
                    continue
            value = _symbolic(expression.subs(here))
            entries = value if isinstance(value, list) else [value]
            known = matrices.Spectra(digits or 17)
            numbers = _each(entries, lambda x: _number(known.named(x), digits))  # noqa: B023
            results[key] = numbers if isinstance(value, list) else numbers[0]
        return results

    def _exact(self, values: Mapping[str, Any]) -> dict[Any, Any]:
        """Exact values by symbol."""
        here = {each.symbol: _exact_value(each, values[each.name]) for each in self.parameters}
        sizes = {_size(name): values[name] for name in values if name not in self._by_name}
        return here | {letter: sp.Integer(int(size)) for letter, size in sizes.items()}

    @property
    def _named(self) -> Mapping[str, Any]:
        if self.named:
            return {key: sp.sympify(value) for key, value in self.expression.items()}
        return {"": sp.sympify(self.expression)}

    @cached_property
    def _by_name(self) -> dict[str, Parameter]:
        return {parameter.name: parameter for parameter in self.parameters}

    @cached_property
    def _symbols(self) -> dict[str, Any]:
        """The parameters, then the sizes of their arrays."""
        letters = {
            str(letter)
            for parameter in self.parameters
            if isinstance(parameter.domain, Array)
            for letter in (parameter.domain.rows, parameter.domain.columns)
            if letter != 1
        }
        sizes = sorted(letters - set(self._by_name))
        named = {name: parameter.symbol for name, parameter in self._by_name.items()}
        return named | {name: _size(name) for name in sizes}

    @cached_property
    def _parts(self) -> dict[str, Any]:
        """For each named expression a function of the values by name."""
        return {key: self._function(expression) for key, expression in self._named.items()}

    def _function(self, expression: Any) -> Any:
        """Numbers that are made of matrices are NumPy's; a function of those is right to rounding,
        what is a matrix itself is all NumPy's."""
        outer, inner = walk.split(expression)
        if not walk.supports(outer):
            return self._compiled(expression)
        made = {letter: self._compiled(part) for letter, part in inner.items()}
        given = {
            symbol: name for name, symbol in self._symbols.items() if symbol in outer.free_symbols
        }

        def function(values: Mapping[str, Any]) -> Any:
            numbers = {symbol: values[name] for symbol, name in given.items()}
            numbers |= {letter: part(values) for letter, part in made.items()}
            return evaluation.floats(outer, numbers)

        return function

    def _compiled(self, expression: Any) -> Any:
        ours = (matrices, functions, columns, tensors, correlations)
        modules: Sequence[Any] = [*(each.numpy_functions() for each in ours), "scipy", "numpy"]
        compiled = sp.lambdify(list(self._symbols.values()), expression, modules=modules)
        return lambda values: compiled(*(self._shaped(name, values) for name in self._symbols))

    def _shaped(self, name: str, values: Mapping[str, Any]) -> Any:
        import numpy as np

        parameter = self._by_name.get(name)
        if parameter is not None and isinstance(parameter.domain, Array):
            return values[name].reshape(arguments.shape(values[name], parameter))
        if parameter is not None and isinstance(parameter.domain, Real):
            return np.float64(values[name])  # Python's own would raise where NumPy says inf or nan
        return values[name]

    def _is_small(self, values: Mapping[str, Any]) -> bool:
        """Whether exact arithmetic is quick: scalars beside few entries of matrices."""
        import numpy as np

        arrays = [isinstance(each.domain, Array) for each in self.parameters]
        sizes = [np.size(values[each.name]) for each in self.parameters]
        scalars = all(size == 1 for size, array in zip(sizes, arrays, strict=True) if not array)
        return any(arrays) and scalars and sum(sizes) <= FEW


def _size(name: str) -> sp.Symbol:
    return sp.Symbol(name, integer=True, positive=True)


def _symbolic(expression: Any) -> Any:
    """An expression without letters evaluated: a number, or rows of numbers."""
    special = (sp.OneMatrix, sp.ZeroMatrix, sp.Identity)  # explicit at once, their products are too
    value = expression.replace(lambda e: isinstance(e, special), lambda e: e.as_explicit()).doit()
    value = value.replace(lambda e: isinstance(e, MatrixExpr), lambda e: sp.Matrix(e))
    if not isinstance(value, (MatrixExpr, sp.MatrixBase)):
        return value.doit()
    value = sp.Matrix(value)
    entries = list(value)
    return entries[0] if len(entries) == 1 else _rows(entries, value.shape)


def _exact_value(parameter: Parameter, value: Any) -> Any:
    if not isinstance(parameter.domain, Array):
        return value
    rows, columns = arguments.shape(value, parameter)
    return sp.ImmutableMatrix(rows, columns, arguments.flat(value))


def _rows(entries: list[Any], shape: tuple[int, int]) -> list[Any]:
    rows, columns = shape
    if columns == 1:
        return entries
    return [entries[i * columns : (i + 1) * columns] for i in range(rows)]


def _each(value: Any, convert: Any) -> Any:
    return [_each(entry, convert) for entry in value] if isinstance(value, list) else convert(value)


def _number(expression: Any, digits: int | None) -> Any:
    """A ball; what ``theory.evaluation`` does not know is left to SymPy."""
    try:
        return evaluation.precise(expression, {}, digits)
    except walk.StatedError:
        found = sp.N(expression, digits or 17)
        if not found.is_Float:
            raise
        return balls.ball(found)


def _decimal(number: Any, digits: int) -> Any:
    """A ball as a number of SymPy, rounded to ``digits`` digits."""
    if not number.is_finite():
        return sp.oo if number > 0 else -sp.oo
    return sp.Float(number.mid()._mpf_, digits)


def _floats(numbers: Any) -> Any:
    import numpy as np

    return np.array(_each(numbers, float))


def _listed(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value


def _is_broken(value: Any) -> bool:
    import numpy as np

    return not np.all(np.isfinite(value))


def _bare(value: Any) -> Any:
    """A float for one number, a vector for a column, else the array."""
    import numpy as np

    value = np.asarray(value)
    if value.size == 1 and value.ndim in (0, 2):
        return float(value.reshape(()))
    if value.ndim == 2 and value.shape[1] == 1:
        return value[:, 0]
    return value
