"""With ``--numbers`` the columns of numbers are the features. This file finds all other columns."""

from collections.abc import Callable, Iterable

import numpy as np

from companion.errors import UsageError
from sim.inputs.reader.dialect import Dialect
from sim.inputs.reader.table import shown

#: The share of rows without a number from which on a column is none of numbers.
MOST = 0.5


def not_numeric(records: Iterable[list[str]], dialect: Dialect, width: int) -> dict[int, str]:
    """For each of ``width`` columns of the ``records`` that is none of numbers, why.

    >>> rows = [["1", "Rome", ""], ["2", "?", ""]]
    >>> not_numeric(rows, Dialect(",", "."), 3)
    {1: "text: 'Rome'", 2: 'no numbers'}
    """
    texts: dict[int, str] = {}
    missing, count = [0] * width, 0
    for record in records:
        count += 1
        for position, cell in enumerate(record[:width]):
            if position in texts:
                continue
            kind = dialect.kind(cell)
            if kind == "text":
                texts[position] = f"text: '{shown(cell)}'"
            missing[position] += kind == "missing"
    lacking = {position: _lacking(missing[position], count) for position in range(width)}
    why = lacking | texts
    return {position: why[position] for position in range(width) if why[position]}


def columns_not_numeric(column: Callable[[int], np.ndarray], width: int) -> dict[int, str]:
    """The same of a frame. ``column`` gives a column, or raises UsageError where it has no numbers.

    nan is missing.
    """
    why = {}
    for position in range(width):
        try:
            numbers = column(position)
        except UsageError:
            why[position] = "no numbers"
        else:
            why[position] = _lacking(int(np.isnan(numbers).sum()), len(numbers))
    return {position: reason for position, reason in why.items() if reason}


def _lacking(missing: int, count: int) -> str:
    if missing == count > 0:
        return "no numbers"
    return f"missing in {missing:,} of {count:,}" if missing > MOST * count else ""
