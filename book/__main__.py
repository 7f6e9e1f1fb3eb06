"""The command ``python -m book``: write the book as pages that open from a folder."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from book.fingerprint import fingerprint
from book.materials import read
from book.pack import pack
from book.pdf import beside, print_pages
from book.publish import Published, publish, published
from companion.command import Exit, Parser, run, select, strict_json
from companion.options import add_jobs, add_json, at_least
from theory import CHAPTERS

EXAMPLES = """\
  python -m book                       all pages into build/book
  python -m book spectra               one chapter, and what all chapters share
  python -m book --check               write nothing; say whether all names resolve
  python -m book --zip                 also build/book.zip, the book in one file
  python -m book spectra --pdf         also build/book-pdf/spectra.pdf, by a browser
"""


def main(argv: Sequence[str]) -> int:
    """Parse ``argv``, write the book, print where it is and return the exit code."""
    options = _parse(argv)
    names = select(options.chapters, list(CHAPTERS), "chapter")
    started = time.perf_counter()
    materials = read(options.figures, options.verdicts)
    made_of = fingerprint(names, materials, options.verdicts)
    known = published(options.out)
    count = written = 0
    if known and known.fingerprint == made_of and known.is_whole(options.out):
        count = len(known.files)
    else:
        from book.site import files

        made = files(names, materials, options.jobs)
        count = len(made)
        whole = len(names) == len(CHAPTERS)
        written = 0 if options.check else publish(made, options.out, made_of, whole)
    packed = None
    if options.zip and not options.check:
        packed = pack(options.out, (published(options.out) or Published()).files)
    printed = []
    if options.pdf and not options.check:
        pages = [f"{name}.html" for name in names] if options.chapters else _pages(options.out)
        printed = print_pages(pages, options.out, beside(options.out))
    record = {
        "book": None if options.check else str(options.out / "index.html"),
        "zip": packed and str(packed),
        "pdf": [str(path) for path in printed],
        "files": count,
        "written": written,
        "outdated": list(materials.outdated),
        "seconds": round(time.perf_counter() - started, 2),
    }
    print(strict_json(record) if options.json else _said(record))
    return Exit.OK


def _pages(book: Path) -> list[str]:
    """The names of all pages of the folder ``book``."""
    return sorted(path.name for path in book.glob("*.html"))


def _said(record: dict[str, Any]) -> str:
    if record["book"] is None:
        return f"all names resolve; the book would have {record['files']} files"
    packed = f"\n{record['zip']}" if record["zip"] else ""
    pdf = "".join(f"\n{path}" for path in record["pdf"])
    written = f"{record['files']} files, {record['written']} written now"
    return f"{written}: {record['book']}{packed}{pdf}{_outdated(record['outdated'])}"


def _outdated(claims: Sequence[str]) -> str:
    """What is said of claims that have changed since they were simulated."""
    if not claims:
        return ""
    return (
        f"\n{len(claims)} claims, such as {claims[0]}, have no simulation: their chapters have\n"
        "changed since. python -m sim --json > build/verdicts.json simulates them."
    )


def _parse(argv: Sequence[str]) -> Any:
    parser = Parser("python -m book", (__doc__ or "").partition(":")[2].strip(), EXAMPLES)
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help="all without one")
    parser.add_argument(
        "--out", type=Path, default=Path("build/book"), help="folder (default build/book)"
    )
    parser.add_argument(
        "--figures", type=Path, default=Path("build/figures"), help="folder of the drawn figures"
    )
    parser.add_argument(
        "--verdicts",
        type=Path,
        default=Path("build/verdicts.json"),
        help="what python -m sim --json printed",
    )
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--zip", action="store_true", help="also the book in one file")
    parser.add_argument(
        "--pdf", action="store_true", help="also each page printed by Chromium or Chrome"
    )
    add_jobs(parser)
    add_json(parser)
    options = parser.parse_args(argv)
    at_least(options, jobs=1)
    return options


if __name__ == "__main__":
    run(main, "python -m book")
