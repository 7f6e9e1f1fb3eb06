"""Whether the first line of a text has the names of the columns. What is in doubt is refused."""

import numpy as np

from companion.errors import UsageError
from sim.inputs.reader.dialect import Dialect
from sim.inputs.reader.table import shown

#: Numbers between these may be years.
YEARS = (1500, 2200)


def has_header(
    records: list[list[str]], dialect: Dialect, said: str | None, name: str, line: int = 1
) -> bool:
    """Whether the first of the ``records`` is a header. ``said`` is "yes", "no" or None.

    It stands in this ``line`` of the file ``name``.

    A line without a number is a header. A line of numbers is an example, unless the numbers go on
    as names do, by equal steps or as years, and those of the next lines do not. A line of both is
    an example where the next line has words in the same places. All else is in doubt, and
    UsageError asks for ``--header``.
    """
    if said is not None:
        return said == "yes"
    first, others = records[0], [record for record in records[1:] if record]
    kinds = [_kind(dialect, cell) for cell in first]
    if set(kinds) == {"missing"}:
        raise UsageError(_doubt(name, line, first, "has no name and no number"))
    if "number" not in kinds:
        return True
    if kinds[0] == "missing" and _counts(dialect, first[1:]):
        return True  # pandas' names 0, 1, 2, ... beside its index
    if others:
        next_kinds = [_kind(dialect, cell) for cell in others[0]]
        if set(kinds) != {"number"} and kinds != next_kinds:
            raise UsageError(_doubt(name, line, first, "is part numbers"))
        numbers = [index for index, kind in enumerate(kinds) if kind == "number"]
        if _like_names([first[index] for index in numbers], others, numbers, dialect):
            raise UsageError(_doubt(name, line, first, "may be names"))
    return False


def _kind(dialect: Dialect, cell: str) -> str:
    """What a cell is. nan stands for a number, and is no name."""
    return "number" if cell.strip().lower() == "nan" else dialect.kind(cell)


def _doubt(name: str, line: int, first: list[str], why: str) -> str:
    cells = ", ".join(shown(cell) if cell else "''" for cell in first[:4])
    more = ", ..." if len(first) > 4 else ""
    return (
        f"{name!r}: line {line} {why} ({cells}{more}): a header or an example? "
        "give --header yes or --header no"
    )


def _counts(dialect: Dialect, cells: list[str]) -> bool:
    """Whether the ``cells`` are 0, 1, 2, ..."""
    return bool(cells) and [cell.strip() for cell in cells] == list(map(str, range(len(cells))))


def _like_names(
    cells: list[str], others: list[list[str]], places: list[int], dialect: Dialect
) -> bool:
    """Whether the numbers in ``cells`` go on as names do, and those in no line below them do.

    Names are whole numbers that rise by one, four or more of equal steps, or different years.
    """
    top = np.array([dialect.number(cell) for cell in cells])
    below = [
        np.array([dialect.number(row[index]) for index in places])
        for row in others
        if len(row) > max(places) and all(dialect.kind(row[index]) != "text" for index in places)
    ]
    if len(top) < 2 or not below or any(map(_years, below)):
        return False
    whole = bool((top == np.round(top)).all())
    if len(top) == 2:  # two whole numbers in a row are common, unless there are fractions below
        fractions = any(_fractions(row) for row in below)
        return whole and fractions and (top[1] == top[0] + 1 or _years(top))
    if any(map(_even, below)):
        return False
    counts = whole and _even(top) and top[1] == top[0] + 1
    return counts or _years(top) or (len(top) >= 4 and _even(top))


def _even(row: np.ndarray) -> bool:
    """Whether the steps between the numbers are equal, and not zero."""
    with np.errstate(all="ignore"):
        steps = np.diff(row)  # inf and nan are in no even row
        return bool(steps[0] and np.allclose(steps, steps[0], 1e-6, 0)) and np.isfinite(row).all()


def _fractions(row: np.ndarray) -> bool:
    return bool((row[np.isfinite(row)] % 1 > 0).any())


def _years(row: np.ndarray) -> bool:
    """Whether the numbers may be different years."""
    in_range = (row == np.round(row)) & (row >= YEARS[0]) & (row <= YEARS[1])  # nan is not
    return bool(in_range.all()) and len(set(row)) == len(row)
