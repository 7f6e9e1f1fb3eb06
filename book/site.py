"""All files of the book, by their paths."""

from collections.abc import Iterable
from pathlib import Path

from joblib import Parallel, delayed

from book import chapter, fonts, lookup
from book.materials import Materials
from book.plate import Picture, copy
from book.prose import read
from book.publish import Content
from book.render import render
from book.words import html
from theory import contents

STATIC = Path(__file__).with_name("static")


def files(chosen: Iterable[str], materials: Materials, jobs: int) -> dict[str, Content]:
    """All files of the book, {path: content}, with the pages of the ``chosen`` chapters."""
    found: dict[str, Content] = {}
    for made in Parallel(n_jobs=jobs)(delayed(_chapter)(name, materials) for name in chosen):
        found |= made
    return found | lookup.files() | _static()


def _chapter(name: str, materials: Materials) -> dict[str, Content]:
    """The page of a chapter, and the pictures that it shows."""
    prose = read(name)
    sections = chapter.sections(name, prose, materials)
    blocks = [*prose.lead, *(block for section in sections for block in section.blocks)]
    named = chapter.pictures_in(blocks, materials)
    page = render(
        "chapter.html",
        f"{name}.html",
        title=prose.title,
        about=html(contents.title(f"theory.{name}")),
        counts=chapter.counts(name, materials.checks),
        sections=sections,
        lead=prose.lead,
        scripts=[],
        pictures=named,
        moving={},
    )
    own = [each for section in sections for entry in section.entries for each in entry.pictures]
    return {f"{name}.html": page} | pictures([*own, *named.values()])


def pictures(shown: Iterable[Picture]) -> dict[str, Content]:
    """The files of pictures that a page shows."""
    return {f"figures/{path.name}": copy(path) for each in shown for path in each.files}


def _static() -> dict[str, Content]:
    """The scripts, the style sheets, and the licence of the font that one of them holds."""
    copied = {
        f"static/{path.relative_to(STATIC).as_posix()}": path
        for path in sorted(STATIC.rglob("*"))
        if path.suffix in (".css", ".js", ".txt")
    }
    return copied | {"static/fonts.css": fonts.css()}
