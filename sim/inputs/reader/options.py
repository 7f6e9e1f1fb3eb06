"""What the user may say about a file: the options of ``python -m sim inputs`` on reading."""

import csv
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, fields

from companion.errors import UsageError

#: Delimiters that are hard to type, by name.
DELIMITERS = {"tab": "\t", "space": " ", "comma": ",", "semicolon": ";"}
#: The options that only a file of text understands.
OF_TEXT = ("header", "delimiter", "decimal")


@dataclass(frozen=True)
class Options:
    """What the user said about a file. None is: not said, so that the reader finds out.

    ``key``: the array of an npz file that is read.
    ``columns``: examples lie along the last axis.
    ``header``: "yes" or "no", whether the first line has the names.
    ``drop``: the columns that are left out, by name, or by position from 1.
    ``label``: the column that is the target.
    ``delimiter``, ``decimal``: one character each; a delimiter " " is any white space.
    ``missing``: "refuse", "drop" (the example) or "mean" (of the column's other entries).
    """

    key: str | None = None
    columns: bool = False
    header: str | None = None
    drop: tuple[str, ...] = ()
    label: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    missing: str = "refuse"


def add_options(parser: ArgumentParser) -> None:
    """Add the options on reading to ``parser``."""
    add = parser.add_argument
    add("--key", help="the array of an .npz file (default: its only one, or x_train)")
    add("--columns", action="store_true", help="examples are columns, not rows")
    add("--header", choices=("yes", "no"), help="whether the first line of a text has the names")
    add("--drop", metavar="A,B", help="columns to leave out, by name, or by number from 1")
    add("--label", metavar="NAME", help="the column that is the target, and no input")
    add("--delimiter", help="what separates the cells of a text: a character, tab or space")
    add("--decimal", choices=(".", ","), help="the decimal point of a text")
    add(
        "--missing",
        choices=("refuse", "drop", "mean"),
        default="refuse",
        help="a missing value: refuse it (default), drop its example, or take the column's mean",
    )


def options_of(options: Namespace) -> Options:
    """The ``Options`` among the parsed ``options``. Raises UsageError where one cannot be."""
    said = {field.name: getattr(options, field.name) for field in fields(Options)}
    said["drop"] = tuple(next(csv.reader([options.drop]), [])) if options.drop else ()
    delimiter = DELIMITERS.get(options.delimiter, options.delimiter)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n.0123456789'):
        raise UsageError(
            f"--delimiter {options.delimiter!r} cannot separate numbers; give one character, "
            "such as ';', or tab, space, comma or semicolon"
        )
    said["delimiter"] = delimiter
    if options.columns and options.label is not None:
        raise UsageError("--label names a column of features; with --columns columns are examples")
    return Options(**said)


def refuse_options_of_text(options: Options, name: str) -> None:
    """Refuse what only a text understands, for the file ``name``, which is none."""
    for option in OF_TEXT:
        if getattr(options, option) is not None:
            raise UsageError(
                f"--{option} is for files of text; {name!r} is none, read it without this option"
            )
