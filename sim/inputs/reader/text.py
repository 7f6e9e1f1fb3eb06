"""Files of text with one example per line: csv, tsv and numbers between white space."""

import csv
import io
import itertools
import lzma
import shlex
import zlib
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
from sim.inputs.reader.dialect import MISSING, Dialect
from sim.inputs.reader.layout import Layout, layout_of
from sim.inputs.reader.options import Options
from sim.inputs.reader.source import Source
from sim.inputs.reader.table import Numbers

#: The number of characters of a cell in a message.
LONGEST_SHOWN = 40


def read_text(source: Source, options: Options) -> Numbers:
    """The numbers of a text. NumPy reads them; what it refuses is looked for cell by cell."""
    name = source.name
    try:
        layout = _layout(source, options)
        choice = choose(layout.width, layout.names, options, layout.indices)
        try:
            values = _values(source, layout, choice, options)
        except ValueError as error:
            if isinstance(error, UsageError | UnicodeDecodeError):
                raise
            fault = _first_fault(source, layout, choice, options) or str(error).partition("\n")[0]
            raise UsageError(f"{name!r}: {fault}") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{name!r} is not text in UTF-8; a csv file is needed, saved as UTF-8"
        ) from error
    except csv.Error as error:
        raise UsageError(
            f"{name!r}: a cell goes on over {csv.field_size_limit():,} characters; "
            "is a quote left open, or another --delimiter needed?"
        ) from error
    except (EOFError, zlib.error, lzma.LZMAError) as error:
        raise UsageError(f"cannot read {name!r}: it is damaged ({error}); pack it anew") from error
    names = layout.names
    choice = without_indices(choice, lambda position: values[:, position], names)
    features = taken(values, choice.features)
    return Numbers(
        array=features,
        names=[names[position] for position in choice.features] if names else None,
        header=layout.header,
        left_out=choice.left_out,
        target=None if choice.target is None else values[:, choice.target],
        notes=[*layout.notes, *notes_on(features, names, choice)],
    )


@contextmanager
def _lines(source: Source) -> Iterator[io.TextIOWrapper]:
    with source.open() as stream, io.TextIOWrapper(stream, encoding="utf-8-sig") as lines:
        yield lines


def _layout(source: Source, options: Options) -> Layout:
    with _lines(source) as lines:
        return layout_of(lines, options, source.name)


def _body(lines: Iterator[str], layout: Layout) -> Iterator[str]:
    """The ``lines`` behind comments and header."""
    lines = itertools.islice(lines, layout.comments, None)
    if layout.header:
        next(record for record in layout.dialect.records(lines) if record)
    return lines


def _values(source: Source, layout: Layout, choice: Choice, options: Options) -> np.ndarray:
    """All columns as numbers. Those that are not wanted are 0, so that lengths are compared."""
    dialect, wanted = layout.dialect, set(choice.wanted)
    converters: dict[int, Callable[[str], float]] = {
        position: lambda cell: 0.0 for position in range(layout.width) if position not in wanted
    }
    if dialect.decimal == "," or options.missing != "refuse":
        converters |= dict.fromkeys(wanted, dialect.number)
    arguments: dict[str, Any] = {"converters": converters} if converters else {}
    with _lines(source) as lines:
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
    with _lines(source) as file:
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
    drop = shlex.quote(",".join(option_for(each, layout.names) for each in words))
    filled = "; --missing drop leaves out such examples, --missing mean fills them"
    advice = filled if missing else ""
    return advice + f"; --drop {drop} leaves out what is no number" * bool(words)


def _cut(cell: str) -> str:
    return repr(cell if len(cell) <= LONGEST_SHOWN else cell[:LONGEST_SHOWN] + "...")


def _is_fault(cell: str, dialect: Dialect, missing: str) -> bool:
    """Whether a ``cell`` stops the reading. NumPy reads nan, and no other missing value."""
    if cell.strip() in MISSING:
        return missing == "refuse" and cell.strip().lower() != "nan"
    return dialect.kind(cell) == "text"
