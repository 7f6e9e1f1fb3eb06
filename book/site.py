"""All files of the book, by their paths."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from book import chapter, fonts, lookup, moving, source, start
from book.javascript.chapter import chapter_script
from book.links import faults
from book.materials import Materials
from book.plate import Picture, copy
from book.prose import read
from book.publish import Content
from book.render import SOURCES, TITLES, render
from book.words import html
from companion.errors import UsageError
from figures.observed import recorded
from theory import contents

STATIC = Path(__file__).with_name("static")


def files(chosen: Iterable[str], materials: Materials, jobs: int) -> dict[str, Content]:
    """All files of the book, {path: content}, with the pages of the ``chosen`` chapters.

    Raises UsageError where a link leads nowhere, or a place stands twice on a page.
    """
    found: dict[str, Content] = {}
    for made in Parallel(n_jobs=jobs)(delayed(_chapter)(name, materials) for name in chosen):
        found |= made
    record = recorded()
    for name in SOURCES:
        found |= _source(name, record, materials)
    found |= start.files(materials) | lookup.files() | _static()
    pages = {f"{name}.html" for name in TITLES}
    for fault in faults(found, may_lack=pages):
        raise UsageError(fault)
    return found


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
        scripts=moving.scripts(name),
        pictures=named,
        moving=moving.moving(name),
    )
    own = [each for section in sections for entry in section.entries for each in entry.pictures]
    data = {f"data/{name}.js": chapter_script(name)} | moving.files(name)
    return {f"{name}.html": page} | data | pictures([*own, *named.values()])


def _source(name: str, record: Mapping[str, Any], materials: Materials) -> dict[str, Content]:
    """The page of a source, and the pictures that it shows."""
    prose = read(name)
    experiments = source.experiments_of(name, record, materials)
    named = chapter.pictures_in(prose.lead, materials)
    page = render(
        "source.html",
        f"{name}.html",
        title=prose.title,
        texts=source.texts(name),
        judged=source.judged(name),
        lead=prose.lead,
        pictures=named,
        moving={},
        passages=source.passages_of(name, record),
        experiments=experiments,
    )
    own = [each for experiment in experiments for each in experiment.pictures]
    return {f"{name}.html": page} | pictures([*own, *named.values()])


def pictures(shown: Iterable[Picture]) -> dict[str, Content]:
    """The files of pictures that a page shows."""
    return {f"figures/{path.name}": copy(path) for each in shown for path in each.files}


def _static() -> dict[str, Content]:
    """The scripts, the style sheets, and the licence of the font that one of them holds."""
    copied: dict[str, Content] = {
        f"static/{path.relative_to(STATIC).as_posix()}": path
        for path in sorted(STATIC.rglob("*"))
        if path.suffix in (".css", ".js", ".txt")
    }
    return copied | {"static/fonts.css": fonts.css(), "static/fonts.js": fonts.script()}
