"""Workbooks of Excel: one sheet is read as a text, so that all that holds of a csv file holds."""

import csv
import io
import zipfile
from typing import Any

from companion.advice import install
from companion.errors import UsageError
from sim.inputs.reader.arrays import named
from sim.inputs.reader.options import Options
from sim.inputs.reader.source import Source, in_words, room
from sim.inputs.reader.table import Numbers, printable
from sim.inputs.reader.text import read_text

#: The options that only a text in characters understands.
OF_CHARACTERS = ("delimiter", "decimal", "thousands", "encoding")
#: The most characters of a reason in a message.
LONGEST = 80


def read_workbook(source: Source, options: Options) -> Numbers:
    """The only sheet of the workbook, or the one that ``--key`` names. It needs openpyxl."""
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise UsageError(f"reading {source.name!r} needs openpyxl: {install('xlsx')}") from error
    for option in OF_CHARACTERS:
        if getattr(options, option) is not None:
            raise UsageError(
                f"--{option} is for files of text; {source.name!r} is none, read it without this "
                "option"
            )
    try:
        with source.open() as file:
            _refuse_bomb(file, source.name)
            book = load_workbook(file, read_only=True, data_only=True)
            content = _as_csv(_sheet(book, source.name, options.key), source.name)
    except UsageError:
        raise
    except Exception as error:  # openpyxl raises of all kinds at damaged files
        reason = printable(str(error).partition("\n")[0][:LONGEST]) or type(error).__name__
        raise UsageError(
            f"cannot read {source.name!r}: it is damaged or no workbook ({reason}); save it anew"
        ) from error
    return read_text(Source(source.name, content), options)


def _refuse_bomb(file: Any, name: str) -> None:
    """Refuse what unpacks to more than the memory holds, by what the archive says of itself."""
    with zipfile.ZipFile(file) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > room():
        raise UsageError(
            f"{name!r} unpacks to {in_words(size)}, which this machine's memory does not hold as "
            "numbers; give a part of it"
        )
    file.seek(0)


def _sheet(book: Any, name: str, key: str | None) -> Any:
    names = [str(sheet) for sheet in book.sheetnames]
    if key is None and len(names) == 1:
        return book[names[0]]
    if key not in names:
        raise UsageError(f"{name!r} holds the sheets {named(names)}; choose one with --key")
    return book[key]


def _as_csv(sheet: Any, name: str) -> bytes:
    """The cells of the ``sheet`` as a csv file; empty rows are left out."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in sheet.iter_rows(values_only=True):
        if any(cell is not None for cell in row):
            writer.writerow(row)
        if text.tell() > room():
            raise UsageError(f"{name!r} holds over {in_words(room())} of text; give a part of it")
    return text.getvalue().encode()
