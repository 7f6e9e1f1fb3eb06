"""How a text writes its table: what separates the cells, which character is the decimal point."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from companion.errors import UsageError
from sim.inputs.reader.options import Options

#: What separates cells, in the order in which it is looked for. Words may hold commas and spaces.
SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas"}
#: How a missing value is written.
MISSING = frozenset(
    ("", "?", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "-", ".", "<NA>")
)
DECIMAL_COMMA = re.compile(r"\s*[+-]?\d*,\d+([eE][+-]?\d+)?\s*")
THOUSANDS = re.compile(r"\s*[+-]?[1-9]\d{0,2}(,\d{3})+\s*")
#: How a truth value is written, in small letters.
TRUTH = {"true": 1.0, "false": 0.0}
WORD = re.compile(r'"([^"]*)"|(\S+)')
QUOTED = re.compile('"[^"]*"')


@dataclass(frozen=True)
class Dialect:
    """``delimiter``: a character, None for white space. ``decimal``: "." or ",".

    ``thousands``: what stands between thousands, None for nothing.
    """

    delimiter: str | None
    decimal: str
    thousands: str | None = None

    @property
    def plain(self) -> bool:
        """Whether numbers are written as NumPy reads them."""
        return self.decimal == "." and self.thousands is None

    @property
    def separators(self) -> str:
        """What separates the cells, in words."""
        if self.delimiter is None:
            return "white space"
        return SEPARATORS.get(self.delimiter, repr(self.delimiter))

    def records(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """The cells of each line. A quoted cell may go on in the next line."""
        if self.delimiter is None:
            return ([quoted or bare for quoted, bare in WORD.findall(line)] for line in lines)
        return csv.reader(lines, delimiter=self.delimiter)

    def number(self, cell: str) -> float:
        """The number in a cell; nan where it is missing. Raises ValueError where it is neither."""
        if cell.strip() in MISSING:
            return float("nan")
        if "_" in cell:  # Python reads 1_0 as 10
            raise ValueError(cell)
        if self.thousands is not None:
            cell = cell.strip().replace(self.thousands, "")
        if (truth := TRUTH.get(cell.strip().lower())) is not None:
            return truth
        return float(cell.replace(",", ".") if self.decimal == "," else cell)

    def kind(self, cell: str) -> str:
        """What a cell is: "missing", "number" or "text"."""
        if cell.strip() in MISSING:
            return "missing"
        try:
            self.number(cell)
        except ValueError:
            return "text"
        return "number"


def dialect_of(lines: list[str], options: Options, name: str) -> Dialect:
    """The dialect of the first ``lines`` of the file ``name``; ``options`` come first."""
    if options.delimiter is not None:
        delimiter = None if options.delimiter == " " else options.delimiter
    else:
        delimiter = _delimiter(lines, options.decimal)
    decimal = options.decimal
    if decimal is None and options.thousands is not None:
        decimal = "," if options.thousands == "." else "."
    decimal = decimal or _decimal(Dialect(delimiter, "."), lines, name)
    return Dialect(delimiter, decimal, options.thousands)


def _delimiter(lines: list[str], decimal: str | None) -> str | None:
    """What separates the cells in each of the ``lines``. A header does not count beside others."""
    bare = [QUOTED.sub("q", line).strip(" \r\n") for line in lines[1:] or lines]
    for separator in SEPARATORS:
        if separator == "," and (decimal == "," or _commas_are_decimal(bare)):
            continue
        if all(separator in line for line in bare):
            return separator
    spaced = all(len(line.split()) > 1 for line in bare)
    return None if spaced else ";" if decimal == "," else ","


def _commas_are_decimal(lines: list[str]) -> bool:
    """Whether white space separates numbers with decimal commas, as in "1,5 2,5"."""
    cells = [line.split() for line in lines]
    words = [cell for row in cells for cell in row]
    return all(len(row) > 1 for row in cells) and all(
        DECIMAL_COMMA.fullmatch(cell) or cell.lstrip("+-").isdigit() for cell in words
    )


def _decimal(dialect: Dialect, lines: list[str], name: str) -> str:
    """The decimal point of the cells. It is a comma where each comma in a number can be one."""
    cells = [cell for row in dialect.records(lines) for cell in row if "," in cell]
    thousands = [cell for cell in cells if THOUSANDS.fullmatch(cell)]
    decimals = [cell for cell in cells if DECIMAL_COMMA.fullmatch(cell)]
    if thousands and len(thousands) == len(decimals):
        raise UsageError(
            f"{name!r} has {thousands[0].strip()!r}: give --thousands , where the comma stands "
            "between thousands, or --decimal , where it is the decimal point"
        )
    return "," if decimals else "."
