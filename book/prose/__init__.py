"""The prose of the book: ``NAME.md`` in this folder, for each chapter, source and opening page.

A file has a title (``# Title``), a lead, and, if it is a chapter's, sections (``## slug: Title``).
A slug is the name of a module of the chapter in theory. Beside Markdown an author writes:

- ``$N$``, a letter or a short term in LaTeX. A displayed formula belongs to a claim.
- ``{outlier}``, a link to a name (``names.py``).
- ``{= outlier N=320 alpha=1.25 m=0.22 v=0.9}``, a computed number (``computed.py``). A digit
  anywhere else is refused.
- ``::: explorer density``, ``::: exercise largest`` or ``::: figure spectra.energies``, each in a
  paragraph of its own, for what stands there.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from book.prose.files import Place, available, text, title
from book.prose.markdown import Part, parts
from book.prose.shown import check
from companion.command import unknown
from companion.errors import UsageError
from theory import contents

__all__ = ["Block", "Prose", "available", "parse", "read", "title"]


@dataclass(frozen=True)
class Block:
    """What stands in a text: HTML (``kind`` "html"), or a figure, an explorer or an exercise.

    ``text`` is the HTML, or the name.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Prose:
    """A text: its title, its lead, and its sections {slug: (title, blocks)} in reading order."""

    title: str
    lead: list[Block] = field(default_factory=list)
    sections: dict[str, tuple[str, list[Block]]] = field(default_factory=dict)


def read(name: str) -> Prose:
    """The text ``name``, such as "spectra" or "start".

    Raises UsageError, in one line with the file and the line, where a name, a value or a part of
    Markdown has no place in a text.
    """
    if name not in available():
        raise UsageError(unknown("text", name, available()))
    return parse(text(name), name)


def parse(content: str, name: str) -> Prose:
    """The text ``name`` with this ``content``. Raises UsageError as ``read`` does."""
    slugs = [module.rpartition(".")[2] for module in contents.sections(name)]
    first, *rest = [*parts(content, name), Part("end", "", 1)]
    with Place(name, first.line).errors():
        if first.kind != "title":
            raise UsageError("a text begins with its title, such as # Spectra")
    prose = Prose(first.text)
    here = prose.lead
    for part in rest[:-1]:
        with Place(name, part.line).errors():
            if part.kind == "title":
                raise UsageError("a text has one title; a section begins with ##")
            if part.kind == "section":
                slug, heading = _heading(part.text, slugs, prose.sections)
                here = []
                prose.sections[slug] = (heading, here)
            else:
                check(part.kind, part.text, name)
                here.append(Block(part.kind, part.text))
    return prose


def _heading(heading: str, slugs: list[str], before: Collection[str]) -> tuple[str, str]:
    """The slug and the title in the heading of a section. They follow the chapter's order."""
    slug, colon, named = heading.partition(": ")
    if not slugs:
        raise UsageError("only a chapter has sections, and this text is no chapter's")
    if not colon:
        raise UsageError(f"{heading!r} has no slug; write ## {slugs[0]}: Title")
    if slug not in slugs:
        raise UsageError(unknown("section", slug, slugs))
    if slug in before:
        raise UsageError(f"the section {slug!r} is there already; keep one")
    later = [each for each in before if slugs.index(each) > slugs.index(slug)]
    if later:
        raise UsageError(f"the section {slug!r} stands before {later[0]!r} in the chapter")
    return slug, named.strip()
