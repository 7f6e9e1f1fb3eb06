"""A figure of the book: its picture and its small print, or the command that draws it."""

import io
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL import Image

from book.publish import Content
from book.words import html, link
from companion.references import REFERENCES, Citation
from figures.gallery import Plate

#: Bytes of an SVG from which on a page shows the PNG.
HEAVY = 200_000
#: Dots per inch of a PNG that ``figures`` draws, and of a page.
DRAWN, PAGE = 300, 96
#: Colours of the palette of a PNG.
COLOURS = 128
#: The data of a path of an SVG, and a number in it with more digits than can be seen.
PATH = re.compile(r' d="[^"]*"')
LONG = re.compile(r"\d+\.\d{3,}")
#: The width and the height of an SVG in points.
SIZE = re.compile(
    rb'<svg[^>]*? width="([\d.]+)pt"[^>]*? height="([\d.]+)pt"|'
    rb'<svg[^>]*? height="([\d.]+)pt"[^>]*? width="([\d.]+)pt"'
)


@dataclass(frozen=True)
class Picture:
    """A figure as a page shows it.

    ``files`` are the files that the book copies. ``shown`` is the one that the page shows, or "".
    ``width`` and ``height`` are in pixels of a page. ``command`` computes and draws what is
    missing.
    """

    name: str
    place: str
    first: str
    rest: str
    alt: str
    shows: tuple[str, ...]
    source: str
    files: tuple[Path, ...]
    shown: str
    width: int
    height: int
    command: str

    def file(self, suffix: str) -> str:
        """The name of the file of a format, or "" where it was not drawn."""
        return next((path.name for path in self.files if path.suffix == f".{suffix}"), "")


def picture(plate: Plate, folder: Path) -> Picture:
    """The picture of ``plate``, from the files in ``folder``."""
    drawn = [folder / f"{plate.name}.{suffix}" for suffix in ("svg", "png", "pdf")]
    there = [path for path in drawn if path.exists()]
    shown = _shown(there)
    width, height = size(shown) if shown else (0, 0)
    letters = [letter for claim in plate.shows for letter in claim.domain]
    first, _, rest = plate.caption.partition(". ")
    return Picture(
        name=plate.name,
        place=f"figure-{plate.name.partition('.')[2]}",
        first=html(first if first.endswith(".") else f"{first}.", letters),
        rest=html(rest, letters),
        alt=plate.caption,
        shows=tuple(link(claim.name) for claim in plate.shows),
        source=cited(plate.source),
        files=tuple(path for path in there if path == shown or path.suffix == ".pdf"),
        shown=shown.name if shown else "",
        width=round(width),
        height=round(height),
        command=f"python -m figures {plate.name}",
    )


def _shown(there: Iterable[Path]) -> Path | None:
    """The SVG, or the PNG where the SVG is heavy or was not drawn."""
    by_suffix = {path.suffix: path for path in there}
    vector, pixels = by_suffix.get(".svg"), by_suffix.get(".png")
    if vector and (pixels is None or vector.stat().st_size <= HEAVY):
        return vector
    return pixels


def copy(path: Path) -> Content:
    """The file of a picture for the book, without digits, dots and colours that nobody sees."""
    if path.suffix == ".png":
        return _fewer_dots(path)
    if path.suffix != ".svg":
        return path
    return PATH.sub(lambda data: LONG.sub(_short, data[0]), path.read_text(encoding="utf-8"))


def _fewer_dots(path: Path) -> bytes:
    """A PNG with twice the dots of a page and a palette."""
    with Image.open(path) as whole:
        plain = whole.convert("RGB")
    width, height = (round(each * 2 * PAGE / DRAWN) for each in plain.size)
    small = plain.resize((width, height), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.quantize(COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def size(path: Path) -> tuple[float, float]:
    """The width and the height of a picture in pixels of a page."""
    with path.open("rb") as file:
        start = file.read(4096)
    if path.suffix == ".png":
        width, height = struct.unpack(">II", start[16:24])
        return width * PAGE / DRAWN, height * PAGE / DRAWN
    match = SIZE.search(start)
    if match is None:
        return 640.0, 400.0
    wide, high, other_high, other_wide = match.groups()
    return float(wide or other_wide) * PAGE / 72, float(high or other_high) * PAGE / 72


def cited(citation: Citation) -> str:
    """A citation as HTML: authors, year, title and place."""
    source = REFERENCES[citation.key]
    year = f" {source.year}" if source.year else ""
    place = f", {escape(citation.place)}" if citation.place else ""
    return f"{escape(source.authors)}{year}, <cite>{escape(source.title)}</cite>{place}"
