"""Where the table of a text begins, and what its columns are called, found in its first lines."""

import itertools
from dataclasses import dataclass, field
from typing import TextIO

from companion.errors import UsageError
from sim.inputs.reader.dialect import Dialect, dialect_of
from sim.inputs.reader.header import has_header
from sim.inputs.reader.options import Options

#: The number of lines that are looked at, and of the characters of the longest line.
SAMPLE, LONGEST = 50, 2**26


@dataclass(frozen=True)
class Layout:
    """The layout of a text.

    ``comments``: the number of lines before the table: those of --skip, and lines that begin with #
    or sep=, or are blank.
    ``names``: of the columns; None where there is no header, or where it does not fit.
    ``width``: the number of cells per line.
    ``words``: the columns that have text in the first lines, or no number there.
    ``indices``: for each column that is an index by its form, why.
    """

    dialect: Dialect
    comments: int
    header: bool
    names: list[str] | None
    width: int
    words: frozenset[int] = frozenset()
    indices: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def layout_of(file: TextIO, options: Options, name: str) -> Layout:
    """The layout of the text that begins in ``file``. Raises UsageError where it is in doubt."""
    lines = _sample(file, name, options.skip or 0)
    comments = next((i for i, line in enumerate(lines) if _begins(line)), len(lines))
    skipped, lines = lines[:comments], lines[comments:]
    comments += options.skip or 0
    dialect = dialect_of([line for line in lines if line.strip()] or [""], options, name)
    records = [record for record in dialect.records(lines) if record]
    header = bool(records) and has_header(records, dialect, options.header, name, comments + 1)
    if len(records) < 1 + header:
        quote = "; is a quote left open?" if len(list(filter(str.strip, lines))) > 1 else ""
        raise UsageError(f"{name!r} holds no examples; a line of numbers for each needed{quote}")
    width = len(records[header])
    notes = _notes(any(map(str.strip, skipped)), dialect, width)
    words = _words(records[header:], dialect)
    if not header:
        return Layout(dialect, comments, header, None, width, words, {}, notes)
    names = [" ".join(cell.split()) for cell in records[0]]
    indices = {}
    if len(names) + 1 == width and _row_names(records[1], lines, dialect, options):
        names = ["", *names]
        indices = {0: "row names, for which the header has no name"}
    elif len(names) != width:
        if options.header is None:
            raise UsageError(_unequal(name, len(names), width))
        notes.append(f"line {comments + 1} was skipped: {len(names)} names for {width} columns")
        return Layout(dialect, comments, header, None, width, words, {}, notes)
    elif not names[0] and width > 1 and dialect.kind(records[1][0]) == "text":
        indices = {0: "row names under no name"}
    return Layout(dialect, comments, header, names, width, words, indices, notes)


def table_start(file: TextIO, options: Options, name: str) -> int:
    """The number of lines before a table, which differ from it in the number of their cells.

    The table begins with the first line from which on all have as many cells, and a column has
    numbers alone below its first line. It is 0 where the first lines have no such table, and where
    a first line may be a header of another length: it has one cell less or more than the next line,
    or numbers alone stand in the next line.
    """
    lines = _sample(file, name, 0)
    for start in range(len(lines) - 2):
        below = [line for line in lines[start:] if line.strip()]
        try:
            dialect = dialect_of(below, options, name)
        except UsageError:
            continue
        records = [record for record in dialect.records(below) if record]
        alike = len(records) > 2 and len(set(map(len, records))) == 1
        if lines[start].strip() and alike and len(_words(records[1:], dialect)) < len(records[0]):
            first = next(iter(dialect.records(lines[:1])), [])
            near = len(first) > 1 and abs(len(first) - len(records[0])) == 1
            numbers = all(dialect.kind(cell) != "text" for cell in records[0])
            header = start == 1 and (near or numbers)
            return 0 if header else start
    return 0


def _sample(file: TextIO, name: str, skip: int) -> list[str]:
    """The first lines of ``file`` behind ``skip``, which are looked at for what is no text."""
    lines: list[str] = []
    count = 0
    while len(lines) < SAMPLE and sum(map(len, lines)) < LONGEST:
        line = file.readline(LONGEST)
        count += 1
        if "\0" in line:
            raise UsageError(
                f"{name!r} holds NUL bytes, so that it is no text in UTF-8; a csv file is needed"
            )
        if len(line) >= LONGEST:
            raise UsageError(f"{name!r}: line {count} has over {LONGEST:,} characters")
        if not line:
            break
        if count > skip:
            lines.append(line)
    return lines


def _begins(line: str) -> bool:
    """Whether the table begins in this ``line``. Excel writes "sep=;" before it."""
    return bool(line.strip()) and not line.lstrip().startswith(("#", "sep="))


def _row_names(first: list[str], lines: list[str], dialect: Dialect, options: Options) -> bool:
    """Whether the first cell of the ``first`` example is a row name, as R writes it.

    A number without quotes is none beside commas, for these may be decimal.
    """
    if dialect.delimiter != "," or dialect.kind(first[0]) == "text" or "1" in options.drop:
        return True
    return next(line for line in reversed(lines) if line.strip()).lstrip().startswith('"')


def _words(records: list[list[str]], dialect: Dialect) -> frozenset[int]:
    """The columns of the ``records`` that have text, or no number at all."""
    kinds = [[dialect.kind(cell) for cell in record] for record in records]
    columns = [set(column) for column in itertools.zip_longest(*kinds, fillvalue="missing")]
    return frozenset(
        position
        for position, column in enumerate(columns)
        if "text" in column or "number" not in column
    )


def _unequal(name: str, names: int, width: int) -> str:
    return (
        f"{name!r}: the header has {names} name{'s' * (names > 1)}, the next line {width} cells; "
        "give --decimal , where the comma is the decimal point, --drop 1 where row names come "
        "first, or --header yes to skip the header"
    )


def _notes(comments: bool, dialect: Dialect, width: int) -> list[str]:
    notes = []
    if comments:
        notes.append("lines that begin with # or sep= before the table are skipped")
    if dialect.delimiter != "," and width > 1:
        notes.append(f"cells are separated by {dialect.separators}")
    if dialect.decimal == ",":
        notes.append("the decimal point is a comma")
    return notes
