"""The values that a formula is evaluated at: read, shaped, and checked against their domains."""

import sys
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy as sp

from theory.domain import Array, DomainError, Parameter

#: Rounding allowed in a matrix property, in units of eps times the size of the matrix.
ULPS = 8


def as_array(name: str, value: Any) -> Any:
    """Lists as float arrays, Fractions as floats, anything else as it is."""
    import numpy as np

    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, (list, tuple)):
        try:
            return np.array(value, dtype=float)
        except (ValueError, TypeError) as error:
            raise _ragged(name, value) from error
    return value


def _ragged(name: str, value: Any) -> DomainError:
    return DomainError(f"{name} = {value} is not a table of numbers with rows of one length")


def as_floats(name: str, value: Any) -> Any:
    """Numbers of any kind and nested lists of them as floats and arrays."""
    if isinstance(value, (list, tuple)):
        return as_array(name, _nested_floats(value))
    return float(value) if isinstance(value, (sp.Rational, Fraction)) else value


def _nested_floats(value: Any) -> Any:
    nested = isinstance(value, (list, tuple))
    return [_nested_floats(entry) for entry in value] if nested else float(value)


def as_rational(value: Any) -> Any:
    """Numbers and nested lists of them as exact SymPy numbers."""
    if isinstance(value, (list, tuple)):
        return [as_rational(entry) for entry in value]
    if isinstance(value, Fraction):
        return sp.Rational(value.numerator, value.denominator)
    number = sp.sympify(value)
    return sp.Rational(number) if isinstance(number, sp.Float) else number


def check(parameters: Mapping[str, Parameter], values: Mapping[str, Any]) -> None:
    """Raise DomainError for a value that is unknown, missing or outside its domain."""
    for name in values:
        if name not in parameters:
            takes = ", ".join(parameters) or "none"
            raise DomainError(f"there is no parameter {name!r}; the parameters are {takes}")
    for name, parameter in parameters.items():
        if name not in values:
            raise DomainError(f"parameter {name} is missing: {name} is {parameter}")
        if isinstance(parameter.domain, Array):
            _check_array(parameter, values[name])
        else:
            _check_scalar(parameter, values[name])


def sizes(parameters: Mapping[str, Parameter], values: Mapping[str, Any]) -> dict[str, int]:
    """The sizes N, p ... that the arrays among ``values`` give; DomainError if they disagree."""
    by_letter: dict[str, int] = {}
    for name, parameter in parameters.items():
        if not isinstance(parameter.domain, Array):
            continue
        for letter, size in parameter.domain.sizes(shape(values[name], parameter)).items():
            if by_letter.setdefault(letter, size) != size:
                raise DomainError(
                    f"{name} has {letter} = {size}, but {letter} = {by_letter[letter]} elsewhere; "
                    f"{name} is {parameter}"
                )
    return {letter: size for letter, size in by_letter.items() if letter not in parameters}


def shape(value: Any, parameter: Parameter) -> tuple[int, int]:
    """Rows and columns of a matrix; a flat list is a column. DomainError for anything else."""
    assert isinstance(parameter.domain, Array)
    extents = tuple(value.shape) if hasattr(value, "shape") else _extents(value)
    if extents == () and isinstance(value, list):
        raise _ragged(parameter.name, value)
    if len(extents) == 1:
        extents = (*extents, 1)
    square = parameter.domain.rows == parameter.domain.columns
    if (
        len(extents) != 2
        or 0 in extents
        or (parameter.domain.columns == 1 and extents[1] != 1)
        or (square and extents[0] != extents[1])
    ):
        raise parameter.refuse(value)
    return extents[0], extents[1]


def flat(value: Any) -> list[Any]:
    """All entries, row by row."""
    if hasattr(value, "ravel"):
        return list(value.ravel())
    if isinstance(value, list):
        return [entry for row in value for entry in flat(row)]
    return [value]


def _extents(value: Any) -> tuple[int, ...]:
    """The shape of a nested list; () for a number and for a ragged list."""
    if not isinstance(value, list):
        return ()
    inner = {_extents(entry) if isinstance(entry, list) else None for entry in value}
    if len(inner) != 1:
        return ()
    (below,) = inner
    return (len(value),) if below is None else (len(value), *below)


def _check_scalar(parameter: Parameter, value: Any) -> None:
    if isinstance(value, list):
        raise parameter.refuse(value)
    assert not isinstance(parameter.domain, Array)
    for entry in flat(value):
        if isinstance(entry, complex) or not parameter.domain.contains(entry):
            raise parameter.refuse(entry)


def _check_array(parameter: Parameter, value: Any) -> None:
    import numpy as np

    assert isinstance(parameter.domain, Array)
    extents = shape(value, parameter)
    entries = flat(value)
    exact = all(isinstance(entry, (int, sp.Rational)) for entry in entries)
    if exact and (huge := [entry for entry in entries if abs(entry) > sys.float_info.max]):
        raise DomainError(
            f"{parameter.name} holds {sp.Float(huge[0], 3)!s}, beyond float64; entries are at most "
            f"{sys.float_info.max:.3g}"
        )
    if exact and parameter.domain.kind == "varying":
        if all(entry == entries[0] for entry in entries):
            raise parameter.refuse(value)
        return
    if exact and parameter.domain.kind not in ("unit", "orthogonal"):  # which see no scale
        size = max(map(abs, entries)) or 1
        entries = [entry / size for entry in entries]
    matrix = np.array([float(entry) for entry in entries]).reshape(extents)
    if not np.isfinite(matrix).all():
        entry = matrix[~np.isfinite(matrix)][0]
        raise DomainError(f"{parameter.name} holds {entry}; every entry is a finite number")
    if not _has(parameter.domain.kind, matrix):
        raise parameter.refuse(value.tolist() if hasattr(value, "tolist") else value)


def _has(kind: str, matrix: Any) -> bool:
    """Whether ``matrix`` has the property that a domain's ``kind`` asks for, to rounding."""
    import numpy as np

    allowed = ULPS * np.finfo(float).eps * max(matrix.shape)
    if kind == "any":
        return True
    if kind == "varying":
        return bool(np.ptp(matrix) > allowed * np.abs(matrix).max())
    if kind in ("unit", "orthogonal"):
        gram = matrix.T @ matrix
        return bool(np.abs(gram - np.eye(len(gram))).max() <= allowed)
    size = np.abs(matrix).max()
    if kind == "diagonal":
        scales = np.diag(matrix)
        return bool(np.all(scales) and not np.any(matrix - np.diag(scales)))
    if kind == "invertible":
        return bool(np.linalg.norm(matrix, -2) > allowed * size)
    if np.abs(matrix - matrix.T).max() > allowed * size:
        return False
    if kind == "symmetric":
        return True
    lowest = np.linalg.eigvalsh(matrix)[0]
    return bool(lowest > 0 if kind == "definite" else lowest >= -allowed * size)
