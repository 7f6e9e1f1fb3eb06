"""Read the user's own data: npy, npz, csv and parquet files as a table with one example per row.

The table keeps the file's own type, and an npy file stays on disk. Reading costs no memory beyond
the file. A file that cannot be used is refused by one line that says what would be right.
"""

import csv
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from companion.advice import install
from companion.errors import UsageError
from sim.inputs.examples import LARGEST

#: The array of an npz file that is read where the user names none.
USUAL = "x_train"
NUMERIC = "buif"  # the kinds of dtype that are real numbers. bool counts as 0 and 1


def read_table(path: str | Path, key: str | None = None, columns: bool = False) -> np.ndarray:
    """The p x N table in ``path``, with one example per row and images flattened.

    ``key`` names the array of an npz file that holds several arrays and no ``x_train``.
    ``columns`` says that examples lie along the last axis (the columns of a matrix).

    A plain list of numbers is one feature. Raises UsageError where the file is not a table of at
    least two examples.
    """
    array = _numbers(_load(Path(path), key), str(path))
    if array.ndim == 0:
        raise UsageError(f"{str(path)!r} holds a single number; a table of examples is needed")
    if columns:
        array = np.moveaxis(array, -1, 0)
    examples, shape = len(array), " x ".join(map(str, array.shape))
    if array.size == 0:
        raise UsageError(f"{str(path)!r} holds no numbers ({shape}); examples and features needed")
    if examples < 2:
        turned = "without --columns" if columns else "--columns"
        raise UsageError(
            f"{str(path)!r} holds 1 example ({shape}); two or more are needed, "
            f"or {turned} if the examples lie the other way"
        )
    return array.reshape(examples, -1)


def read_labels(labels: str, path: str | Path, examples: int) -> np.ndarray:
    """One number per example: the array ``labels`` of the npz file ``path``, or a file of its own.

    Raises UsageError where there is neither, or not one finite number for each example.
    """
    keys = _keys(Path(path))
    if labels in keys:
        array, name = _load(Path(path), labels), f"{labels!r} of {str(path)!r}"
    elif keys and not Path(labels).exists():
        raise UsageError(
            f"--labels {labels!r} is neither a file nor an array of {str(path)!r}, "
            f"which holds {', '.join(keys)}"
        )
    else:
        array, name = _load(Path(labels), None), f"--labels {labels!r}"
    numbers = _numbers(array, name)
    if numbers.size != examples or max(numbers.shape, default=0) != examples:
        shape = " x ".join(map(str, numbers.shape)) or "a single number"
        raise UsageError(f"{name} holds {shape} labels; one for each of {examples} examples needed")
    numbers = numbers.reshape(-1).astype(float)
    usable = np.abs(numbers) < LARGEST  # nan is not
    if not usable.all():
        bad = int(np.argmin(usable))
        raise UsageError(
            f"{name}: label {bad} (from 0) is {numbers[bad]:.3g}; "
            f"every label must be a finite number below {LARGEST:g}"
        )
    return numbers


def _load(path: Path, key: str | None) -> Any:
    """The array in ``path``, of any shape and type."""
    readers = {".npy": _numpy, ".npz": _numpy, ".csv": _csv, ".parquet": _parquet}
    known = "an .npy, .npz, .csv or .parquet file"
    if not path.exists():
        raise UsageError(f"there is no file {str(path)!r}; name {known}")
    if path.is_dir():
        raise UsageError(f"{str(path)!r} is a folder; name {known}")
    suffix = path.suffix.lower()
    if suffix not in readers:
        raise UsageError(f"{str(path)!r} ends in {suffix or 'no extension'!r}; name {known}")
    if key is not None and suffix != ".npz":
        raise UsageError(f"--key {key!r} names an array of an .npz file, but {str(path)!r} is none")
    try:
        if path.stat().st_size == 0:
            raise UsageError(f"{str(path)!r} is empty; a table of numbers is needed")
        return readers[suffix](path, key)
    except OSError as error:
        raise UsageError(f"cannot read {str(path)!r}: {error.strerror or error}") from error


def _numbers(array: Any, name: str) -> np.ndarray:
    array = np.asanyarray(array)
    if array.dtype.kind not in NUMERIC:
        raise UsageError(f"{name} holds values of type {array.dtype}; real numbers are needed")
    return array


def _numpy(path: Path, key: str | None) -> Any:
    """An array that stays on disk (npy), or one member (npz). Pickled objects are never loaded."""
    try:
        if not zipfile.is_zipfile(path):
            return np.lib.format.open_memmap(path, mode="r")
        with np.load(path, allow_pickle=False) as archive:
            return archive[_choose(path, archive.files, key)]
    except UsageError:
        raise
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        reason = str(error).partition("\n")[0]
        why = (
            "it holds Python objects, which are never loaded"
            if "bject" in reason
            else f"it is damaged or of another kind ({reason})"
        )
        raise UsageError(f"cannot read {str(path)!r}: {why}; save numbers with NumPy") from error


def _choose(path: Path, keys: list[str], key: str | None) -> str:
    names = ", ".join(keys) or "no array"
    if key is None and (len(keys) == 1 or USUAL in keys):
        return USUAL if USUAL in keys else keys[0]
    if key is None:
        raise UsageError(f"{str(path)!r} holds {names}; choose one with --key")
    if key not in keys:
        raise UsageError(f"{str(path)!r} has no array {key!r}; it holds {names}")
    return key


def _keys(path: Path) -> list[str]:
    """The names of the arrays in an npz file. Any other file has no names."""
    if path.suffix.lower() != ".npz" or not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        return [name.removesuffix(".npy") for name in archive.namelist()]


def _csv(path: Path, key: str | None) -> Any:
    """Numbers separated by commas. A first line that is not all numbers is a header."""
    try:
        header = _has_header(path)
        return np.loadtxt(
            path,
            delimiter=",",
            comments=None,
            quotechar='"',
            skiprows=int(header),
            ndmin=2,
            encoding="utf-8-sig",
        )
    except UsageError:
        raise
    except UnicodeDecodeError as error:
        raise UsageError(f"{str(path)!r} is not text in UTF-8; a csv file is needed") from error
    except ValueError as error:
        fault = _first_fault(path, header) or str(error)
        raise UsageError(f"{str(path)!r}: {fault}") from error


def _has_header(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = next(csv.reader(file), [])
        header = not all(map(_is_number, first))
        if (header or not first) and not any(line.strip() for line in file):
            raise UsageError(f"{str(path)!r} holds no examples; a line of numbers for each needed")
    return header


def _first_fault(path: Path, header: bool) -> str:
    """The first place where a csv file is no table of numbers, in words."""
    width = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        for row in lines:
            if not row or (header and lines.line_num == 1):
                continue
            place = f"line {lines.line_num}"
            for column, cell in enumerate(row, 1):
                if not _is_number(cell):
                    return (
                        f"{place}, column {column} is {cell!r}; every cell is a number, "
                        "separated by commas"
                    )
            if width and len(row) != width:
                return f"{place} has {len(row)} numbers, those before {width}; lengths must agree"
            width = len(row)
    return ""


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _parquet(path: Path, key: str | None) -> Any:
    """All columns side by side. It needs pyarrow."""
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError(f"reading {str(path)!r} needs pyarrow: {install('parquet')}") from error
    try:
        table = parquet.read_table(path)
    except ValueError as error:  # pyarrow's ArrowInvalid is a ValueError
        reason = str(error).partition("\n")[0]
        raise UsageError(f"cannot read {str(path)!r} as parquet: {reason}") from error
    features = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        numbers = column.to_numpy()
        if numbers.dtype.kind not in NUMERIC:
            raise UsageError(
                f"{str(path)!r}: column {name!r} holds {column.type} values; numbers are needed"
            )
        features.append(numbers)
    return np.column_stack(features) if features else np.empty((0, 0))
