"""Missing values, which are nan in a table: refused, their examples dropped, or the mean."""

from collections.abc import Iterator

import numpy as np

from companion.errors import UsageError
from sim.inputs.reader.table import Numbers

#: The number of numbers that are looked at together.
BLOCK = 8_000_000


def refuse_missing(values: np.ndarray, numbers: Numbers, name: str) -> None:
    """Raise UsageError where the table ``values`` of the file ``name`` has a nan.

    ``numbers`` names its columns.
    """
    for rows in _blocks(values):
        bad = np.isnan(values[rows])
        if bad.any():
            row, column = divmod(int(np.argmax(bad)), values.shape[1])
            raise UsageError(
                f"{name!r}: example {rows.start + row + 1}, {numbers.called(column)} is nan; "
                "every entry must be a finite number, or give --missing drop or --missing mean"
            )


def complete_rows(values: np.ndarray) -> np.ndarray:
    """For each row of ``values``, whether no entry is nan."""
    parts = [~np.isnan(values[rows]).any(axis=1) for rows in _blocks(values)]
    return np.concatenate(parts) if parts else np.ones(0, bool)


@np.errstate(over="ignore")  # the analysis refuses what is infinite
def filled(values: np.ndarray, numbers: Numbers, name: str) -> tuple[np.ndarray, int]:
    """A copy with the mean of each column in place of its nan, and how many there were."""
    found, total = np.zeros(values.shape[1], int), np.zeros(values.shape[1])
    for rows in _blocks(values):
        block = np.asarray(values[rows], float)
        found += (~np.isnan(block)).sum(axis=0)
        total += np.nansum(block, axis=0)
    if not found.all():
        called = numbers.called(int(np.argmin(found)))
        raise UsageError(f"{name!r}: {called} has no value at all; leave it out with --drop")
    mean = (total / found).astype(values.dtype)
    copy = np.array(values)
    for rows in _blocks(copy):
        np.copyto(copy[rows], mean, where=np.isnan(copy[rows]))
    return copy, int(found.size * len(values) - found.sum())


def _blocks(values: np.ndarray) -> Iterator[slice]:
    step = max(1, BLOCK // max(1, values.shape[1]))
    for start in range(0, len(values), step):
        yield slice(start, min(start + step, len(values)))
