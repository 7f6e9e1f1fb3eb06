"""Read the user's own data as a table with one example per row, and say what was read.

The table keeps the file's own type, and an npy file stays on disk. Reading costs no memory beyond
the file. A file that cannot be used, or that may be read in two ways, is refused by one line that
says what would be right. ``sim.inputs.reader`` has the readers.
"""

from pathlib import Path
from typing import Any

import numpy as np

from companion.errors import UsageError
from sim.inputs.examples import LARGEST
from sim.inputs.reader.arrays import NUMERIC, keys_of, named
from sim.inputs.reader.frames import numbers_of
from sim.inputs.reader.kinds import numbers_in
from sim.inputs.reader.missing import complete_rows, filled, refuse_missing
from sim.inputs.reader.options import Options
from sim.inputs.reader.table import Numbers, Table

#: The numbers of dimensions of an array of images, grey or in colour.
IMAGES = (3, 4)


def read_table(path: str | Path, key: str | None = None, columns: bool = False) -> np.ndarray:
    """The p x N table in ``path``, with one example per row and images flattened.

    ``key`` names the array of an npz file that holds several arrays and no ``x_train``.
    ``columns`` says that examples lie along the last axis (the columns of a matrix).

    A plain list of numbers is one feature. Raises UsageError where the file is not a table of at
    least two examples.
    """
    return read(path, Options(key=key, columns=columns)).values


def read(path: str | Path, options: Options | None = None) -> Table:
    """The table in ``path``, read as the ``options`` say, and what was read.

    Raises UsageError as ``read_table`` does, and where a value is missing that no option treats.
    """
    options = (options or Options()).complete()
    return _table(numbers_in(str(path), options), str(path), options)


def of_memory(X: Any, y: Any, options: Options) -> tuple[Table, np.ndarray | None]:
    """The table of an array or a frame ``X``, and its target: ``y``, a column of it, or None.

    Raises UsageError as ``read`` does.
    """
    if y is not None and options.label is not None:
        raise UsageError(f"label={options.label!r} and y are two targets; give one")
    options = options.complete()
    table = _table(numbers_of(X, options), "X", options)
    if y is None:
        return table, table.target
    return table, table.chosen(_labels(np.asarray(y), "y", table.rows))


def _table(numbers: Numbers, name: str, options: Options) -> Table:
    """The table that the ``numbers`` of ``name`` are, as the ``options`` say."""
    array = _numbers(numbers.array, repr(name))
    values = _examples(array, name, options.columns)
    if options.columns:  # what the file names are examples then
        numbers = Numbers(array, header=numbers.header, left_out=[], notes=numbers.notes)
    target = _target(numbers, options)
    notes, kept = list(numbers.notes), None
    if values.dtype.kind == "f" or (target is not None and target.dtype.kind == "f"):
        values, kept = _without_missing(values, target, numbers, name, options, notes)
    if kept is not None:
        target = None if target is None else target[kept]
    if target is not None:
        target = _finite(target.astype(float), f"--label {options.label!r}")
    if array.dtype == np.uint8 and array.ndim not in IMAGES:
        # the analysis divides uint8 by 255, which is right for images alone
        values = values.astype(np.uint16)
        notes.append("bytes that are no images are taken as they are, not divided by 255")
    return Table(values, numbers, kept, target, array.dtype, notes)


def read_labels(labels: str, path: str | Path, examples: int) -> np.ndarray:
    """One number per example: the array ``labels`` of the npz file ``path``, or a file of its own.

    Raises UsageError where there is neither, or not one finite number for each example.
    """
    keys = keys_of(Path(path))
    if labels in keys:
        read, name = numbers_in(str(path), Options(key=labels)), f"{labels!r} of {str(path)!r}"
    elif keys and not Path(labels).exists():
        raise UsageError(
            f"--labels {labels!r} is neither a file nor an array of {str(path)!r}, "
            f"which holds {named(keys)}"
        )
    else:
        read, name = numbers_in(labels, Options()), f"--labels {labels!r}"
    return _labels(read.array, name, examples)


def _labels(array: Any, name: str, examples: int) -> np.ndarray:
    numbers = _numbers(array, name)
    if numbers.size != examples or max(numbers.shape, default=0) != examples:
        shape = " x ".join(map(str, numbers.shape)) or "a single number"
        raise UsageError(f"{name} holds {shape} labels; one for each of {examples} examples needed")
    return _finite(numbers.reshape(-1).astype(float), name)


def _numbers(array: Any, name: str) -> np.ndarray:
    array = np.asanyarray(array)
    if array.dtype.kind not in NUMERIC:
        raise UsageError(f"{name} holds values of type {array.dtype}; real numbers are needed")
    return array


def _examples(array: np.ndarray, path: str, columns: bool) -> np.ndarray:
    """The ``array`` with one example per row. Raises UsageError where there are not two."""
    if array.ndim == 0:
        raise UsageError(f"{path!r} holds a single number; a table of examples is needed")
    if columns:
        array = np.moveaxis(array, -1, 0)
    examples, shape = len(array), " x ".join(map(str, array.shape))
    if array.size == 0:
        raise UsageError(f"{path!r} holds no numbers ({shape}); examples and features needed")
    if examples < 2:
        turned = "without --columns" if columns else "--columns"
        raise UsageError(
            f"{path!r} holds 1 example ({shape}); two or more are needed, "
            f"or {turned} if the examples lie the other way"
        )
    return array.reshape(examples, -1)


def _target(numbers: Numbers, options: Options) -> np.ndarray | None:
    if numbers.target is None:
        return None
    return _numbers(numbers.target, f"--label {options.label!r}")


def _without_missing(
    values: np.ndarray,
    target: np.ndarray | None,
    numbers: Numbers,
    path: str,
    options: Options,
    notes: list[str],
) -> tuple[np.ndarray, np.ndarray | None]:
    """The table as ``--missing`` says, and which rows are kept. ``notes`` gets what was done."""
    if options.missing == "refuse":
        if values.dtype.kind == "f":
            refuse_missing(values, numbers, path)
        return values, None
    if options.missing == "mean":
        if values.dtype.kind == "f":
            values, count = filled(values, numbers, path)
            notes.append(f"missing values filled by the mean of their column: {count:,}")
        return values, None
    kept = complete_rows(values) if values.dtype.kind == "f" else np.ones(len(values), bool)
    if target is not None and target.dtype.kind == "f":
        kept &= ~np.isnan(target)
    left = int(kept.sum())
    notes.append(f"examples dropped for a missing value: {len(kept) - left:,} of {len(kept):,}")
    if left < 2:
        raise UsageError(
            f"{path!r}: examples without a missing value: {left}; "
            "--drop the columns with most, or give --missing mean"
        )
    return (values, None) if left == len(kept) else (values[kept], kept)


def _finite(numbers: np.ndarray, name: str) -> np.ndarray:
    usable = np.abs(numbers) < LARGEST  # nan is not
    if not usable.all():
        bad = int(np.argmin(usable))
        raise UsageError(
            f"{name}: label {bad + 1} is {numbers[bad]:.3g}; "
            f"every label must be a finite number below {LARGEST:g}"
        )
    return numbers
