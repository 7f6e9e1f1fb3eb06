"""Whether a book is what would be written: a digest of all that its pages are made from."""

import hashlib
import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from book.materials import Materials

#: The packages whose files say what the pages hold.
ROOMS = ("companion", "theory", "deepnet", "figures", "book")
#: The packages of others that write parts of the pages.
WRITERS = ("jinja2", "latex2mathml", "markdown-it-py", "sympy")
SUFFIXES = {".py", ".json", ".html", ".css", ".js", ".md", ".woff2", ".mplstyle"}


def fingerprint(chapters: Iterable[str], materials: Materials, verdicts: Path) -> str:
    """The digest of the sources of our packages, the figures, the verdicts and the versions."""
    state = hashlib.sha256()
    texts = (platform.python_version(), *map(version, WRITERS), *chapters)
    state.update("\n".join(texts).encode())
    for path in _files(materials.figures, verdicts):
        state.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()


def _files(drawn: Path, verdicts: Path) -> Iterator[Path]:
    for room in ROOMS:
        folder = Path(str(files(room)))
        yield from (p for p in sorted(folder.rglob("*")) if p.suffix in SUFFIXES and p.is_file())
    yield from (path for path in sorted(drawn.glob("*")) if path.is_file())
    yield from (path for path in (verdicts,) if path.is_file())
