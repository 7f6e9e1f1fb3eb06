"""Which reader a file needs: by its ending, and standard input by its first bytes."""

import errno

from companion.errors import UsageError
from sim.inputs.reader.arrays import read_arrays
from sim.inputs.reader.foreign import WORKBOOKS, refuse_foreign
from sim.inputs.reader.options import Options
from sim.inputs.reader.parquet import read_arrow
from sim.inputs.reader.source import STANDARD_INPUT, Source, source_of
from sim.inputs.reader.table import Numbers
from sim.inputs.reader.text import read_text
from sim.inputs.reader.workbook import read_workbook

READERS = {
    ".npy": read_arrays,
    ".npz": read_arrays,
    ".csv": read_text,
    ".tsv": read_text,
    ".txt": read_text,
    ".dat": read_text,
    ".parquet": read_arrow,
    ".feather": read_arrow,
    ".arrow": read_arrow,
    **dict.fromkeys(WORKBOOKS, read_workbook),
}
#: The kinds whose parts --key names.
WITH_KEYS = (".npz", *WORKBOOKS)
KNOWN = (
    "an .npy, .npz, .csv, .tsv, .txt, .dat, .parquet, .feather, .arrow or .xlsx file "
    "(a text also as .gz, .bz2, .xz or .zst)"
)
#: The kinds of file on standard input, by their first bytes. All else is text.
BEGINNINGS = {b"\x93NUM": ".npy", b"PK\x03\x04": ".npz", b"PAR1": ".parquet", b"ARRO": ".arrow"}


def numbers_in(name: str, options: Options) -> Numbers:
    """What the file ``name`` holds. Raises UsageError where it cannot be read."""
    try:
        source = source_of(name, KNOWN)
        suffix = _suffix(source)
        refuse_foreign(source)
        if suffix not in READERS:
            raise UsageError(f"{name!r} ends in {suffix or 'no extension'!r}; name {KNOWN}")
        if source.packed and READERS[suffix] is not read_text:
            raise UsageError(f"{name!r} is packed; unpack it, for only a text is read as it is")
        if options.key is not None and suffix not in WITH_KEYS:
            raise UsageError(
                f"--key {options.key!r} names an array of an .npz file or a sheet of an .xlsx "
                f"file, but {name!r} is none"
            )
        return READERS[suffix](source, options)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise UsageError(f"there is no file {name[:80] + '...'!r}; name {KNOWN}") from error
        raise UsageError(f"cannot read {name!r}: {error.strerror or error}") from error


def _suffix(source: Source) -> str:
    if source.name == STANDARD_INPUT:
        return BEGINNINGS.get(source.start(4), ".csv")
    return source.suffix
