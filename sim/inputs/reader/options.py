"""What the user may say about a file: the options of ``python -m sim inputs`` on reading."""

import csv
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, fields, replace

from companion.errors import UsageError

#: Delimiters that are hard to type, by name.
DELIMITERS = {"tab": "\t", "space": " ", "comma": ",", "semicolon": ";"}
#: The options that only a file of text understands.
OF_TEXT = ("header", "delimiter", "decimal", "thousands", "skip", "encoding")
#: What may stand between thousands, by the name that the option has for it.
THOUSANDS = {",": ",", ".": ".", "space": " "}


@dataclass(frozen=True)
class Options:
    """What the user said about a file. None is: not said, so that the reader finds out.

    ``key``: the array of an npz file, or the sheet of a workbook, that is read.
    ``columns``: examples lie along the last axis.
    ``header``: "yes" or "no", whether the first line has the names.
    ``drop``: the columns that are left out, by name, or by position from 1.
    ``label``: the column that is the target.
    ``numbers``: what is no column of numbers is left out, and examples that lack a number.
    ``keep_index``: what is an index by its form, or by the file's own metadata, is a feature.
    ``delimiter``, ``decimal``: one character each; a delimiter " " is any white space.
    ``thousands``: the character between thousands.
    ``skip``: the number of lines before the table.
    ``encoding``: how the characters of a text are bytes; UTF-8 if not said.
    ``missing``: "refuse", "drop" (the example) or "mean" (of the column's other entries).
    """

    key: str | None = None
    columns: bool = False
    header: str | None = None
    drop: tuple[str, ...] = ()
    label: str | None = None
    numbers: bool = False
    keep_index: bool = False
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    skip: int | None = None
    encoding: str | None = None
    missing: str = "refuse"

    def complete(self) -> "Options":
        """The options, with what follows from ``numbers``."""
        follows = self.numbers and self.missing == "refuse"
        return replace(self, missing="drop") if follows else self


def add_options(parser: ArgumentParser) -> None:
    """Add the options on reading to ``parser``."""
    add = parser.add_argument
    add(
        "--key",
        help="the array of an .npz (default: its only one, or x_train), or an .xlsx's sheet",
    )
    add("--columns", action="store_true", help="examples are columns, not rows")
    add("--header", choices=("yes", "no"), help="whether the first line of a text has the names")
    add("--drop", metavar="A,B", help="columns to leave out, by name, or by number from 1")
    add(
        "--numbers",
        action="store_true",
        help="leave out columns of text or with most values missing, and examples that lack a "
        "number (with --missing mean these are kept)",
    )
    add("--label", metavar="NAME", help="the column that is the target, and no input")
    add("--keep-index", action="store_true", help="an index is a feature, too")
    add("--delimiter", help="what separates the cells of a text: a character, tab or space")
    add("--decimal", choices=(".", ","), help="the decimal point of a text")
    add("--thousands", choices=tuple(THOUSANDS), help="what stands between thousands in a text")
    add("--skip", metavar="N", type=int, help="lines of a text before its table, which are skipped")
    add("--encoding", help="of a text (default utf-8), such as latin-1 or utf-16")
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
    said["thousands"] = THOUSANDS.get(options.thousands, options.thousands)
    if options.thousands is not None and options.thousands == options.decimal:
        raise UsageError(
            f"--thousands {options.thousands} and --decimal {options.decimal} are one character"
        )
    if options.skip is not None and options.skip < 0:
        raise UsageError(f"--skip {options.skip} is out of range; give a whole number >= 0")
    if options.encoding is not None:
        refuse_encoding(options.encoding)
    if options.columns and options.label is not None:
        raise UsageError("--label names a column of features; with --columns columns are examples")
    return Options(**said)


def refuse_encoding(encoding: str) -> None:
    """Raise UsageError where Python knows no encoding of texts by this name."""
    try:
        "1".encode(encoding).decode(encoding)
    except (LookupError, ValueError, TypeError):
        raise UsageError(
            f"--encoding {encoding!r} is unknown; give utf-8, latin-1, utf-16 or another one that "
            "Python knows"
        ) from None


def refuse_options_of_text(options: Options, name: str) -> None:
    """Refuse what only a text understands, for the file ``name``, which is none."""
    for option in OF_TEXT:
        if getattr(options, option) is not None:
            raise UsageError(
                f"--{option} is for files of text; {name!r} is none, read it without this option"
            )
