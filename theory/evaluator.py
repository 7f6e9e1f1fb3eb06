"""Expressions in the letters of parameters, evaluated.

Whether the values are allowed is checked in ``theory.formula``.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from theory import arguments
from theory.domain import Array, Parameter, Real
from theory.evaluation import balls, digits, walk
from theory.functions.base import NUMERIC
from theory.functions.eigenvalues import Spectra

#: What NumPy finds to be inf or nan is computed again exactly, if no more numbers than this enter.
FEW = 64


@dataclass(frozen=True, eq=False)
class Evaluator:
    """Named expressions in the symbols of ``parameters`` and in the sizes of their arrays."""

    expressions: Mapping[str, Any]
    parameters: tuple[Parameter, ...]

    def floats(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Floats and arrays by name, at numbers and arrays of floats that broadcast."""
        import numpy as np

        # dead branches of a Piecewise are evaluated too
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            results = {key: _bare(part(values)) for key, part in self._parts.items()}
        if any(_is_broken(value) for value in results.values()) and self._is_small(values):
            exact = self.exact(values, None)
            results = {
                key: _bare(_floats(exact[key])) if _is_broken(value) else value
                for key, value in results.items()
            }
        return results

    def symbolic(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Numbers of SymPy by name, in lists where they are matrices."""
        here = self._exact(values)
        return {key: _symbolic(each.subs(here)) for key, each in self.expressions.items()}

    def exact(self, values: Mapping[str, Any], places: int | None) -> dict[str, Any]:
        """Balls by name that are right to so many ``places``, in lists where they are matrices.

        ``values`` are floats or exact. Without ``places`` it is enough for float64.
        """
        exact = {name: arguments.as_rational(_listed(value)) for name, value in values.items()}
        here = self._exact(exact)
        scalars = {
            letter: Fraction(int(x.p), int(x.q))
            for letter, x in here.items()
            if isinstance(x, sp.Rational)
        }
        results: dict[str, Any] = {}
        for key, expression in self.expressions.items():
            if walk.supports(expression):
                with suppress(walk.StatedError):
                    results[key] = digits.precise(expression, scalars, places)
                    continue
            value = _symbolic(expression.subs(here))
            entries = value if isinstance(value, list) else [value]
            known = Spectra(places or 17)
            numbers = each_number(entries, lambda x: _number(known.named(x), places))  # noqa: B023
            results[key] = numbers if isinstance(value, list) else numbers[0]
        return results

    def _exact(self, values: Mapping[str, Any]) -> dict[Any, Any]:
        """Exact values by symbol."""
        here = {each.symbol: _exact_value(each, values[each.name]) for each in self.parameters}
        sizes = {_size(name): values[name] for name in values if name not in self._by_name}
        return here | {letter: sp.Integer(int(size)) for letter, size in sizes.items()}

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
        return {key: self._function(expression) for key, expression in self.expressions.items()}

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
            return digits.floats(outer, numbers)

        return function

    def _compiled(self, expression: Any) -> Any:
        modules = [NUMERIC, "scipy", "numpy"]
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


def each_number(value: Any, convert: Any) -> Any:
    """``convert`` of every number in nested lists."""
    return (
        [each_number(entry, convert) for entry in value]
        if isinstance(value, list)
        else convert(value)
    )


def _number(expression: Any, places: int | None) -> Any:
    """A ball; what ``theory.evaluation`` does not know is left to SymPy."""
    try:
        return digits.precise(expression, {}, places)
    except walk.StatedError:
        number = sp.N(expression, places or 17)
        if not number.is_Float:
            raise
        return balls.ball(number)


def _floats(numbers: Any) -> Any:
    import numpy as np

    return np.array(each_number(numbers, float))


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
