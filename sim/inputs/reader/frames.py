"""Tables in memory: arrays, and the frames of pandas and polars, which name their columns.

No library of frames is imported. A frame is what has ``columns`` and a ``shape``.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from companion.errors import UsageError
from sim.inputs.reader.arrays import NUMERIC, numbers_of_array
from sim.inputs.reader.columns import numbers_by_column
from sim.inputs.reader.options import Options
from sim.inputs.reader.table import Numbers


def numbers_of(X: Any, options: Options) -> Numbers:
    """The features of ``X`` as the ``options`` choose them. Raises UsageError at a text.

    The index of a frame is none of its columns, so that no column is looked at as an index.
    """
    if not hasattr(X, "columns") or len(getattr(X, "shape", ())) != 2:
        return numbers_of_array(_array(X), "X", options)
    names = [str(name) for name in X.columns]
    if not names:
        return Numbers(np.empty((len(X), 0)))

    def column(position: int) -> np.ndarray:
        return _numbers(_column(X, position), names[position])

    return numbers_by_column(column, names, replace(options, keep_index=True))


def _array(X: Any) -> np.ndarray:
    """``X`` as an array. A masked entry is missing."""
    if isinstance(X, np.ma.MaskedArray) and X.dtype.kind in NUMERIC:
        return np.ma.filled(X.astype(float), np.nan)
    try:
        return np.asanyarray(X)
    except ValueError as error:
        raise UsageError("'X' has rows of different lengths; a table of numbers needed") from error


def _column(frame: Any, position: int) -> Any:
    """A column by its place, for two may have one name."""
    return frame.iloc[:, position] if hasattr(frame, "iloc") else frame[:, position]


def _numbers(column: Any, name: str) -> np.ndarray:
    """A column as numbers. A missing value is nan."""
    kind = getattr(column.dtype, "kind", "")
    if kind and kind in NUMERIC and not isinstance(column.dtype, np.dtype):
        return np.asarray(column.to_numpy(dtype=float, na_value=np.nan))  # pandas' own types
    numbers = np.asarray(column)
    if numbers.dtype.kind not in NUMERIC:
        raise UsageError(
            f"column {name!r} holds values of type {column.dtype}; numbers are needed; "
            f"drop=[{name!r}] leaves it out, numbers=True all such columns"
        )
    return numbers
