"""The command ``python -m book``: write the book as pages that open from a folder."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from book import materials, site
from book.publish import publish
from companion.command import Exit, Parser, run, select, strict_json
from companion.options import add_jobs, add_json, at_least
from theory import CHAPTERS

EXAMPLES = """\
  python -m book                       all pages into build/book
  python -m book spectra               one chapter, and what all chapters share
  python -m book --check               write nothing; say whether all names resolve
"""


def main(argv: Sequence[str]) -> int:
    """Parse ``argv``, write the book, print where it is and return the exit code."""
    options = _parse(argv)
    names = select(options.chapters, list(CHAPTERS), "chapter")
    started = time.perf_counter()
    made = materials.read(options.figures, options.verdicts)
    files = site.files(names, made, options.jobs)
    written, removed = (0, 0) if options.check else publish(files, options.out)
    record = {
        "book": None if options.check else str(options.out / "index.html"),
        "files": len(files),
        "written": written,
        "removed": removed,
        "seconds": round(time.perf_counter() - started, 2),
    }
    print(strict_json(record) if options.json else _said(record))
    return Exit.OK


def _said(record: dict[str, Any]) -> str:
    if record["book"] is None:
        return f"{record['files']} files would be written; all names resolve"
    return f"{record['files']} files, {record['written']} of them new: {record['book']}"


def _parse(argv: Sequence[str]) -> Any:
    parser = Parser("python -m book", (__doc__ or "").partition(":")[2].strip(), EXAMPLES)
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help="all without one")
    parser.add_argument("--out", type=Path, default=Path("build/book"), help="folder of the book")
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
    add_jobs(parser)
    add_json(parser)
    options = parser.parse_args(argv)
    at_least(options, jobs=1)
    return options


if __name__ == "__main__":
    run(main, "python -m book")
