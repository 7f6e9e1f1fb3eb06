"""A chapter's page: its sections with their prose, cards, figures, errata and what moves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from book.card import Card, card
from book.erratum import Box, box
from book.javascript.examples import example
from book.materials import Materials
from book.plate import Picture, picture
from book.prose import Block, Prose
from book.words import html
from figures.gallery import plates
from theory import CHAPTERS, contents
from theory.claim import Claim
from theory.errata import errata


@dataclass(frozen=True)
class Entry:
    """A claim of a chapter: its card, then the errata and the figures that stand under it."""

    card: Card
    boxes: tuple[Box, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Section:
    """A section of a chapter.

    ``place`` is its name within the page. ``title`` is for menus. ``about`` is the section's own
    sentence as HTML, "" where the title says it all. ``blocks`` are its prose, and
    what moves between.
    """

    place: str
    title: str
    about: str
    blocks: tuple[Block, ...]
    entries: tuple[Entry, ...]


def sections(chapter: str, prose: Prose, materials: Materials) -> list[Section]:
    """The sections of ``chapter`` in reading order, each with what the ``prose`` says of it."""
    return [
        _section(module, those, prose, materials)
        for module, those in contents.sections(chapter).items()
    ]


def _section(module: str, claims: Iterable[Claim], prose: Prose, materials: Materials) -> Section:
    about = contents.title(module)
    slug = module.rpartition(".")[2]
    title, blocks = prose.sections.get(slug, (short(about), []))
    return Section(
        place=f"section-{slug}",
        title=html(title),
        about=html(about) if about.removesuffix(".") != title else "",
        blocks=tuple(blocks),
        entries=tuple(_entry(claim, materials) for claim in claims),
    )


def short(title: str) -> str:
    """The part of a section's title that stands before a colon or a comma.

    >>> short("The bulk: its edges, its density, its width (Marchenko and Pastur).")
    'The bulk'
    """
    return title.removesuffix(".").partition(": ")[0]


def _entry(claim: Claim, materials: Materials) -> Entry:
    return Entry(
        card(claim, example(claim), materials.checks.get(claim.name)),
        tuple(box(entry) for entry in errata().values() if entry.claims[:1] == (claim,)),
        tuple(
            picture(plate, materials.figures)
            for plate in plates().values()
            if plate.name.partition(".")[0] in CHAPTERS and plate.shows[:1] == (claim,)
        ),
    )


def pictures_in(blocks: Iterable[Block], materials: Materials) -> dict[str, Picture]:
    """The pictures that blocks of a text name."""
    return {
        block.text: picture(plates()[block.text], materials.figures)
        for block in blocks
        if block.kind == "figure"
    }


def counts(chapter: str, checks: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """How many claims a chapter has, how many are derived, how many checks agree, and twins."""
    claims = contents.claims_of(chapter)
    rows = [checks[claim.name] for claim in claims if claim.name in checks]
    return {
        "claims": len(claims),
        "derived": contents.derived(chapter),
        "checked": len(rows),
        "agree": sum(row["verdict"] == "agrees" for row in rows),
        "twins": sum(len(row["twins"]) for row in rows),
        "refuted": sum(twin["refuted"] for row in rows for twin in row["twins"]),
    }
