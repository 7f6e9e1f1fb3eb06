"""One SymPy expression drives LaTeX, NumPy and exact arithmetic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from theory.domain import Array, DomainError, Parameter, check_scalars
from theory.matrices import numpy_functions

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

        values = {name: _as_array(value) for name, value in values.items()}
        self._check(values)
        sizes = self._sizes(values)
        compiled = self._compiled
        arguments = [self._shaped(name, values, sizes) for name in self._arguments]
        with np.errstate(
            divide="ignore", invalid="ignore"
        ):  # dead Piecewise branches are evaluated
            results = {key: _bare(function(*arguments)) for key, function in compiled.items()}
        return results if self.named else results[""]

    def exact(self, digits: int | None = 15, **values: Any) -> Any:
        """The value by exact rational arithmetic, then to ``digits`` digits (None: symbolic).

        Values are integers, Fractions or nested lists of them.
        """
        values = {name: _as_rational(value) for name, value in values.items()}
        self._check(values)
        sizes = self._sizes(values)
        replacements = {
            parameter.symbol: self._exact_value(parameter, values[parameter.name])
            for parameter in self.parameters
        } | {sp.Symbol(name, integer=True, positive=True): n for name, n in sizes.items()}

        def evaluate(expression: Any) -> Any:
            value = expression.subs(replacements).doit()
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

    @property
    def _by_name(self) -> dict[str, Parameter]:
        return {parameter.name: parameter for parameter in self.parameters}

    @cached_property
    def _arguments(self) -> list[str]:
        sizes = {
            str(size)
            for parameter in self.parameters
            if isinstance(parameter.domain, Array)
            for size in (parameter.domain.rows, parameter.domain.columns)
            if size != 1
        }
        return [parameter.name for parameter in self.parameters] + sorted(
            sizes - set(self._by_name)
        )

    @cached_property
    def _compiled(self) -> dict[str, Any]:
        symbols = [
            self._by_name[name].symbol
            if name in self._by_name
            else sp.Symbol(name, integer=True, positive=True)
            for name in self._arguments
        ]
        modules: Sequence[Any] = [numpy_functions(), "scipy", "numpy"]
        return {
            key: sp.lambdify(symbols, expression, modules=modules)
            for key, expression in self._named.items()
        }

    def _check(self, values: Mapping[str, Any]) -> None:
        known = self._by_name
        for name in values:
            if name not in known:
                takes = ", ".join(known) or "none"
                raise DomainError(f"there is no parameter {name!r}; the parameters are {takes}")
        for name, parameter in known.items():
            if name not in values:
                raise DomainError(f"parameter {name} is missing: {name} is {parameter}")
            _check_value(parameter, values[name])

    def _sizes(self, values: Mapping[str, Any]) -> dict[str, int]:
        sizes: dict[str, int] = {}
        for parameter in self.parameters:
            if not isinstance(parameter.domain, Array):
                continue
            shape = _shape(values[parameter.name], parameter)
            for letter, size in parameter.domain.sizes(shape).items():
                if sizes.setdefault(letter, size) != size:
                    raise DomainError(
                        f"{parameter.name} has {letter} = {size}, but {letter} = {sizes[letter]} "
                        f"elsewhere; {parameter.name} is {parameter}"
                    )
        return {name: size for name, size in sizes.items() if name not in self._by_name}

    def _shaped(self, name: str, values: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
        if name in sizes:
            return sizes[name]
        parameter = self._by_name[name]
        if isinstance(parameter.domain, Array):
            return values[name].reshape(_shape(values[name], parameter))
        return values[name]

    @staticmethod
    def _exact_value(parameter: Parameter, value: Any) -> Any:
        if not isinstance(parameter.domain, Array):
            return value
        rows, columns = _shape(value, parameter)
        return sp.ImmutableMatrix(rows, columns, _flat(value))


def _check_value(parameter: Parameter, value: Any) -> None:
    if isinstance(parameter.domain, Array):
        for entry in _flat(value):
            if not sp.sympify(entry).is_finite:
                raise DomainError(f"{parameter.name} holds {entry}; every entry is a finite number")
        _check_kind(parameter, value)
        return
    if isinstance(value, list):
        raise parameter.refuse(value)
    for entry in _flat(value):
        check_scalars({parameter.name: parameter}, {parameter.name: entry})


def _check_kind(parameter: Parameter, value: Any) -> None:
    """The property that the domain's ``kind`` asks for, to rounding."""
    import numpy as np

    assert isinstance(parameter.domain, Array)
    kind = parameter.domain.kind
    if kind == "any":
        return
    rows, columns = _shape(value, parameter)
    matrix = np.array([float(entry) for entry in _flat(value)]).reshape(rows, columns)
    eps = np.finfo(float).eps * max(matrix.shape)
    size = np.abs(matrix).max(initial=0.0)
    if kind in ("unit", "orthogonal"):
        # decimals typed by hand, such as 0.7071, are taken as directions only if they are exact
        gram = matrix.T @ matrix
        wrong = not np.allclose(gram, np.eye(columns), rtol=0, atol=8 * eps)
    else:
        wrong = rows != columns or bool(np.abs(matrix - matrix.T).max() > 8 * eps * size)
        if not wrong and kind in ("psd", "definite"):
            lowest = np.linalg.eigvalsh(matrix)[0]
            wrong = bool(lowest < -8 * eps * size) or (kind == "definite" and lowest <= 0)
    if wrong:
        raise parameter.refuse(matrix.tolist())


def _as_array(value: Any) -> Any:
    import numpy as np

    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, (list, tuple)):
        try:
            return np.array(value, dtype=float)
        except (ValueError, TypeError) as error:
            raise DomainError(
                f"{value} is not a table of numbers with rows of one length"
            ) from error
    return value


def _as_rational(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_as_rational(entry) for entry in value]
    if isinstance(value, Fraction):
        return sp.Rational(value.numerator, value.denominator)
    return sp.sympify(value)


def _flat(value: Any) -> list[Any]:
    if hasattr(value, "ravel"):
        return list(value.ravel())
    if isinstance(value, list):
        return [entry for row in value for entry in _flat(row)]
    return [value]


def _shape(value: Any, parameter: Parameter) -> tuple[int, int]:
    """Rows and columns; a flat list is a column. Raises DomainError for anything else."""
    if hasattr(value, "shape"):
        shape = tuple(value.shape)
    elif isinstance(value, list):
        widths = {len(row) if isinstance(row, list) else None for row in value}
        if len(widths) != 1:
            raise parameter.refuse(value)
        (width,) = widths
        shape = (len(value),) if width is None else (len(value), width)
    else:
        raise parameter.refuse(value)
    if len(shape) == 1:
        shape = (*shape, 1)
    assert isinstance(parameter.domain, Array)
    square = parameter.domain.rows == parameter.domain.columns
    if len(shape) != 2 or 0 in shape or (parameter.domain.columns == 1 and shape[1] != 1):
        raise parameter.refuse(value)
    if square and shape[0] != shape[1]:
        raise parameter.refuse(value)
    return shape[0], shape[1]


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
