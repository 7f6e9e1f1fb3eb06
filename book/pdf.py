"""Pages of the book as PDF, printed by the system's Chromium or Chrome."""

import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from book.chromium import LACKING, VARIABLE, find, offline
from companion.errors import UsageError
from companion.files import make_folder

#: Seconds that one page may take on a loaded machine.
PATIENCE = 300
#: Milliseconds of the page's own clock in which its scripts draw what moves.
DRAWING = 20_000
ARGUMENTS = (
    "--headless",
    "--no-pdf-header-footer",
    f"--virtual-time-budget={DRAWING}",
)


def beside(book: Path) -> Path:
    """The folder of the printed pages.

    >>> beside(Path("build/book")).as_posix()
    'build/book-pdf'
    """
    return book.with_name(f"{book.name}-pdf")


def print_pages(pages: Iterable[str], book: Path, folder: Path) -> list[Path]:
    """Print ``pages`` of the folder ``book``, such as "spectra.html", and return their files.

    Raises UsageError where there is no browser, and where it writes no file.
    """
    program = find()
    if program is None:
        raise UsageError(f"--pdf: {LACKING}")
    make_folder(folder)
    return [_print(program, book / page, folder / f"{Path(page).stem}.pdf") for page in pages]


def _print(program: str, page: Path, out: Path) -> Path:
    with tempfile.TemporaryDirectory(dir=out.parent) as profile:
        printed = Path(profile) / out.name
        own = (f"--user-data-dir={profile}", f"--print-to-pdf={printed.resolve()}")
        command = [program, *ARGUMENTS, *offline(), *own, page.resolve().as_uri()]
        try:
            subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            raise UsageError(f"--pdf: {program} took over {PATIENCE} s for {page}") from None
        if not printed.is_file():
            raise UsageError(f"--pdf: {program} could not print {page}; set {VARIABLE} to another")
        printed.replace(out)
    return out
