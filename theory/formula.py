"""One SymPy expression drives LaTeX, NumPy and exact arithmetic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from theory import arguments, functions, matrices, tensors
from theory.domain import Array, Parameter, Real

Expression = Any  # a SymPy expression, or a dict of named ones


@dataclass(frozen=True, eq=False)
class Formula:
    """An expression (or a dict of named ones) in the symbols of ``parameters``."""

    expression: Expression
    parameters: tuple[Parameter, ...]

    def __call__(self, **values: Any) -> Any:
        """The value in float64; numbers and arrays of numbers broadcast.

        Matrices are arrays or nested lists. Returns a float, an array, or {name: value}.
        Raises DomainError where a value is missing, unknown or outside its domain.
        """
        import numpy as np

        values = {name: arguments.as_array(name, value) for name, value in values.items()}
        arguments.check(self._by_name, values)
        given = arguments.sizes(self._by_name, values)
        shaped = [self._shaped(name, values | given) for name in self._arguments]
        # dead branches of a Piecewise are evaluated too
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            results = {key: _bare(function(*shaped)) for key, function in self._compiled.items()}
        return results if self.named else results[""]

    def exact(self, digits: int | None = 15, **values: Any) -> Any:
        """The value by exact rational arithmetic, then to ``digits`` digits (None: symbolic).

        Values are integers, Fractions or nested lists of them. Raises DomainError as a call does.
        """
        values = {name: arguments.as_rational(value) for name, value in values.items()}
        arguments.check(self._by_name, values)
        given = arguments.sizes(self._by_name, values)
        here = {each.symbol: _exact_value(each, values[each.name]) for each in self.parameters}
        here |= {_size(name): size for name, size in given.items()}

        def evaluate(expression: Any) -> Any:
            value = _with_numbers(expression.subs(here).doit(), digits)
            if isinstance(value, (MatrixExpr, sp.MatrixBase)):
                value = sp.Matrix(value)
                entries = [entry if digits is None else entry.evalf(digits) for entry in value]
                return entries[0] if len(entries) == 1 else _rows(entries, value.shape)
            return value if digits is None else sp.N(value, digits)

        results = {key: evaluate(expression) for key, expression in self._named.items()}
        return results if self.named else results[""]

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

    @property
    def _named(self) -> Mapping[str, Any]:
        if self.named:
            return {key: sp.sympify(value) for key, value in self.expression.items()}
        return {"": sp.sympify(self.expression)}

    @cached_property
    def _by_name(self) -> dict[str, Parameter]:
        return {parameter.name: parameter for parameter in self.parameters}

    @cached_property
    def _arguments(self) -> list[str]:
        """The parameters, then the sizes of their arrays."""
        letters = {
            str(letter)
            for parameter in self.parameters
            if isinstance(parameter.domain, Array)
            for letter in (parameter.domain.rows, parameter.domain.columns)
            if letter != 1
        }
        return [*self._by_name, *sorted(letters - set(self._by_name))]

    @cached_property
    def _compiled(self) -> dict[str, Any]:
        symbols = [
            self._by_name[name].symbol if name in self._by_name else _size(name)
            for name in self._arguments
        ]
        ours = matrices.numpy_functions() | functions.numpy_functions()
        ours |= tensors.numpy_functions()
        modules: Sequence[Any] = [ours, "scipy", "numpy"]
        return {
            key: sp.lambdify(symbols, expression, modules=modules)
            for key, expression in self._named.items()
        }

    def _shaped(self, name: str, values: Mapping[str, Any]) -> Any:
        import numpy as np

        parameter = self._by_name.get(name)
        if parameter is not None and isinstance(parameter.domain, Array):
            return values[name].reshape(arguments.shape(values[name], parameter))
        if parameter is not None and isinstance(parameter.domain, Real):
            return np.float64(values[name])  # Python's own would raise where NumPy says inf or nan
        return values[name]


def _with_numbers(value: Any, digits: int | None) -> Any:
    """Eigenvalues as numbers with guard digits; equal ones then cancel, also inside a logarithm."""
    if digits is None or not hasattr(value, "atoms"):
        return value
    found = value.atoms(matrices.Eigenvalue)
    return value.xreplace({each: each.evalf(digits + 15) for each in found})


def _size(name: str) -> sp.Symbol:
    return sp.Symbol(name, integer=True, positive=True)


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


def _bare(value: Any) -> Any:
    """A float for one number, a vector for a column, else the array."""
    import numpy as np

    value = np.asarray(value)
    if value.size == 1 and value.ndim in (0, 2):
        return float(value.reshape(()))
    if value.ndim == 2 and value.shape[1] == 1:
        return value[:, 0]
    return value
