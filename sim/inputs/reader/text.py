"""Files of text with one example per line: csv, tsv and numbers between white space."""

import csv
import io
import itertools
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from companion.errors import UsageError
from sim.inputs.reader.columns import (
    Choice,
    choose,
    notes_on,
    option_for,
    taken,
    without_indices,
)
from sim.inputs.reader.dialect import MISSING, TRUTH, Dialect
from sim.inputs.reader.encodings import no_text
from sim.inputs.reader.layout import Layout, layout_of, table_start
from sim.inputs.reader.numeric import not_numeric
from sim.inputs.reader.options import Options
from sim.inputs.reader.source import Source, damages
from sim.inputs.reader.table import Numbers

#: The number of characters of a cell in a message.
LONGEST_SHOWN = 40
#: The longest --drop that a message spells out.
LONGEST_ADVICE = 80


def read_text(source: Source, options: Options) -> Numbers:
    """The numbers of a text. NumPy reads them; what it refuses is looked for cell by cell.

    A refusal says where a table seems to begin further down.
    """
    try:
        return _read(source, options)
    except UsageError as error:
        no_lines = isinstance(error.__cause__, csv.Error)
        if options.skip is not None or no_lines or not (start := _start(source, options)):
            raise
        raise UsageError(
            f"{error}; line {start + 1} seems to begin a table: --skip {start}"
        ) from error


def _start(source: Source, options: Options) -> int:
    try:
        with _lines(source, options) as lines:
            return table_start(lines, options, source.name)
    except (UsageError, UnicodeError, csv.Error):
        return 0
    except damages():
        return 0


def _read(source: Source, options: Options) -> Numbers:
    name = source.name
    try:
        layout = _layout(source, options)
        others = _others(source, layout, options) if options.numbers else {}
        choice = choose(layout.width, layout.names, options, layout.indices, others)
        try:
            values, truth = _values(source, layout, choice, options)
        except ValueError as error:
            if isinstance(error, UsageError | UnicodeDecodeError):
                raise
            fault = _first_fault(source, layout, choice, options) or str(error).partition("\n")[0]
            raise UsageError(f"{name!r}: {fault}") from error
    except UnicodeError as error:
        raise UsageError(no_text(source, options)) from error
    except csv.Error as error:
        raise UsageError(
            f"{name!r}: a cell goes on over {csv.field_size_limit():,} characters; "
            "is a quote left open, or another --delimiter needed?"
        ) from error
    except damages() as error:
        raise UsageError(f"cannot read {name!r}: it is damaged ({error}); pack it anew") from error
    names = layout.names
    if not options.keep_index:
        choice = without_indices(choice, lambda position: values[:, position], names)
    features = taken(values, choice.features)
    return Numbers(
        array=features,
        names=[names[position] for position in choice.features] if names else None,
        header=layout.header,
        left_out=choice.left_out,
        target=None if choice.target is None else values[:, choice.target],
        notes=[*layout.notes, *truth, *notes_on(features, names, choice)],
    )


@contextmanager
def _lines(source: Source, options: Options) -> Iterator[io.TextIOWrapper]:
    encoding = options.encoding or "utf-8-sig"
    with source.snapshot() as stream, io.TextIOWrapper(stream, encoding=encoding) as lines:
        yield lines


def _layout(source: Source, options: Options) -> Layout:
    with _lines(source, options) as lines:
        return layout_of(lines, options, source.name)


def _others(source: Source, layout: Layout, options: Options) -> dict[int, str]:
    """The columns that ``--numbers`` leaves out, and why."""
    with _lines(source, options) as lines:
        records = filter(None, layout.dialect.records(_body(lines, layout)))
        return not_numeric(records, layout.dialect, layout.width)


def _body(lines: Iterator[str], layout: Layout) -> Iterator[str]:
    """The ``lines`` behind comments and header."""
    lines = itertools.islice(lines, layout.comments, None)
    if layout.header:
        next(record for record in layout.dialect.records(lines) if record)
    return lines


def _values(
    source: Source, layout: Layout, choice: Choice, options: Options
) -> tuple[np.ndarray, list[str]]:
    """All columns as numbers, and what there is to say of truth values among them.

    Columns that are not wanted are 0, so that lengths are compared.
    """
    dialect, wanted = layout.dialect, set(choice.wanted)
    unwanted: dict[int, Callable[[str], float]] = {
        position: lambda cell: 0.0 for position in range(layout.width) if position not in wanted
    }
    counted = Truths(dialect)
    slow = unwanted | dict.fromkeys(wanted, counted.number)
    if not dialect.plain or options.missing != "refuse":
        return _table(source, layout, options, slow), counted.notes
    try:
        return _table(source, layout, options, unwanted), []
    except ValueError:  # NumPy reads no truth values
        if _first_fault(source, layout, choice, options):
            raise
        return _table(source, layout, options, slow), counted.notes


class Truths:
    """The numbers in cells by the ``dialect``, and whether truth values are among them."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect, self.found = dialect, False

    def number(self, cell: str) -> float:
        self.found = self.found or cell.strip().lower() in TRUTH
        return self.dialect.number(cell)

    @property
    def notes(self) -> list[str]:
        return ["true is read as 1 and false as 0"] * self.found


def _table(
    source: Source,
    layout: Layout,
    options: Options,
    converters: dict[int, Callable[[str], float]],
) -> np.ndarray:
    arguments: dict[str, Any] = {"converters": converters} if converters else {}
    dialect = layout.dialect
    with _lines(source, options) as lines:
        return np.loadtxt(
            _body(lines, layout),
            delimiter=dialect.delimiter,
            comments=None,
            quotechar='"',
            ndmin=2,
            **arguments,
        )


def _first_fault(source: Source, layout: Layout, choice: Choice, options: Options) -> str:
    """The first place where a text is no table of numbers, in words."""
    dialect, wanted = layout.dialect, set(choice.wanted)
    with _lines(source, options) as file:
        lines = Counted(file)
        for record in filter(None, dialect.records(_body(lines, layout))):
            for column, cell in enumerate(record):
                if column in wanted and _is_fault(cell, dialect, options.missing):
                    return (
                        f"line {lines.number}, column {column + 1} is {_cut(cell)}; every cell "
                        f"is a number, separated by {dialect.separators}"
                        + _advice(column, cell, layout, choice)
                    )
            if len(record) != layout.width:
                return (
                    f"line {lines.number} has {len(record)} numbers, those before "
                    f"{layout.width}; lengths must agree"
                )
    return ""


class Counted:
    """The ``lines`` one by one; ``number`` is the number of the line last given, from 1."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines, self.number = lines, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.number += 1
        return line


def _advice(column: int, cell: str, layout: Layout, choice: Choice) -> str:
    """The options that help with a ``cell`` that is no number, and with other columns of text."""
    if column >= layout.width:
        return ""
    if column == choice.target:
        return ", a target, too"
    if layout.words >= set(choice.features):
        return "; no column has numbers alone"
    missing = cell.strip() in MISSING
    words = sorted((layout.words | (set() if missing else {column})) & set(choice.features))
    drop = f"--drop {shlex.quote(','.join(option_for(each, layout.names) for each in words))}"
    leaves = f"{drop if len(drop) <= LONGEST_ADVICE else '--numbers'} leaves out what is no number"
    also = f"; {leaves}, --numbers also examples that lack a number"
    filled = "; --missing drop leaves out such examples, --missing mean fills them"
    advice = filled if missing else ""
    return advice + also * bool(words)


def _cut(cell: str) -> str:
    return repr(cell if len(cell) <= LONGEST_SHOWN else cell[:LONGEST_SHOWN] + "...")


def _is_fault(cell: str, dialect: Dialect, missing: str) -> bool:
    """Whether a ``cell`` stops the reading. NumPy reads nan, and no other missing value."""
    if cell.strip() in MISSING:
        return missing == "refuse" and cell.strip().lower() != "nan"
    return dialect.kind(cell) == "text"
