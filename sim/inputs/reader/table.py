"""What was read from a file: the numbers, and what the reader took them for."""

from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

import numpy as np

#: The width of a line that says what was read, and the longest name in it.
WIDTH, LONGEST = 80, 24
#: The most columns that are named as left out.
MOST = 12


@dataclass(frozen=True)
class LeftOut:
    """A column of the file that is no feature: its ``name``, ``position`` from 1, and ``why``."""

    name: str | None
    position: int
    why: str

    def __str__(self) -> str:
        named = shown(self.name) if self.name else f"column {self.position}"
        return f"{named} ({self.why})"


@dataclass(frozen=True)
class Numbers:
    """An array as it stands in a file, with what its reader took its columns for.

    ``array``: of any shape. Where it is a table, its columns are features alone.
    ``names``: of these columns; None where the file names none.
    ``header``: whether a text has one; None where the file is no text.
    ``target``: the column that is the target, one number per row.
    ``notes``: what else was recognised, a sentence each.
    """

    array: Any
    names: list[str] | None = None
    header: bool | None = None
    left_out: list[LeftOut] = field(default_factory=list)
    target: np.ndarray | None = None
    notes: list[str] = field(default_factory=list)

    def called(self, feature: int) -> str:
        """The name of a feature, counted from 0, or its number in the file, from 1.

        >>> Numbers(None, ["a", "b"], left_out=[LeftOut("t", 1, "--drop")]).called(1)
        'b'
        >>> Numbers(None, left_out=[LeftOut(None, 1, "--drop")]).called(1)
        'column 3'
        """
        if self.names and self.names[feature].strip():
            name = self.names[feature]
            if self.names.count(name) == 1:
                return shown(name)
        out = {each.position for each in self.left_out}
        numbers = (number for number in count(1) if number not in out)
        return f"column {next(islice(numbers, feature, None))}"


@dataclass(frozen=True)
class Table:
    """A p x N table, one example per row, and what was read.

    ``values``: the table, in the file's own type.
    ``numbers``: the array that was read, and its columns.
    ``kept``: which rows of the file are examples; None where all are.
    ``target``: the target of each example, where ``--label`` names one.
    ``dtype``: the type of the numbers in the file.
    """

    values: np.ndarray
    numbers: Numbers
    kept: np.ndarray | None
    target: np.ndarray | None
    dtype: np.dtype
    notes: list[str]

    @property
    def rows(self) -> int:
        """The number of rows of the file that may be examples."""
        return len(self.values) if self.kept is None else len(self.kept)

    def chosen(self, labels: np.ndarray) -> np.ndarray:
        """Of ``labels``, one per row of the file, those of the examples."""
        return labels if self.kept is None else labels[self.kept]

    def called(self, feature: int) -> str:
        """A feature, counted from 0, as ``Numbers.called`` has it."""
        return self.numbers.called(feature)

    def example(self, index: int) -> int:
        """The number in the file, from 1, of an example, counted from 0 among those kept."""
        return 1 + (index if self.kept is None else int(np.flatnonzero(self.kept)[index]))

    @property
    def scaled(self) -> bool:
        """Whether the bytes of images are divided by 255. The analysis does this to uint8."""
        return self.values.dtype == np.uint8

    def as_dict(self) -> dict[str, Any]:
        """What was read, in the form of the JSON."""
        return {
            "header": self.numbers.header,
            "columns": self.numbers.names,
            "left_out": [vars(column) for column in self.numbers.left_out],
            "dtype": str(self.dtype),
            "divided_by": 255 if self.scaled else 1,
            "rows_dropped": 0 if self.kept is None else int((~self.kept).sum()),
            "notes": self.notes,
        }

    def in_words(self, beginning: str) -> list[str]:
        """The lines that say what was read. The first one goes on from ``beginning``."""
        scale = " divided by 255" if self.scaled else ""
        head = f"{beginning}; {self.dtype}{scale}; "
        if self.numbers.names:
            room = max(WIDTH - len(head) - len("columns "), LONGEST + 5)
            what = "columns" if self.numbers.header is None else "header"
            head += f"{what} {shortened(self.numbers.names, room)}"
        else:
            head += {None: "no names", True: "header skipped", False: "no header"}[
                self.numbers.header
            ]
        lines = [head]
        if self.numbers.left_out:
            out = self.numbers.left_out
            more = f", ... ({len(out):,})" if len(out) > MOST else ""
            lines.append("left out: " + ", ".join(map(str, out[:MOST])) + more)
        return lines + [f"note: {note}" for note in self.notes]


def shown(name: str) -> str:
    r"""The ``name`` in print: its control characters are escaped, and it is cut where it is long.

    >>> shown("age"), shown("a\x1b[2J"), shown("")
    ('age', 'a\\x1b[2J', '(no name)')
    """
    text = printable(name)
    return (text[: LONGEST - 3] + "..." if len(text) > LONGEST else text) or "(no name)"


def printable(text: str) -> str:
    """The ``text``, whose control characters are escaped."""
    return text if text.isprintable() else repr(text)[1:-1]


def shortened(names: list[str], room: int) -> str:
    """The ``names`` in a line of ``room`` characters: all, or the first ones and how many follow.

    >>> shortened(["a", "b", "c"], 80)
    'a, b, c'
    >>> shortened([f"pixel{n}" for n in range(784)], 30)
    'pixel0, pixel1, ... (784)'
    """
    line = ", ".join(map(shown, names[:room]))
    if len(line) <= room and len(names) <= room:
        return line
    more = f", ... ({len(names):,})"
    while len(line) + len(more) > room and ", " in line:
        line = line.rpartition(", ")[0]
    return line + more
