"""The pages to look something up, and what search and previews know."""

from collections.abc import Iterable
from typing import Any

from book.card import letter
from book.erratum import Box, box
from book.mathml import aligned
from book.publish import Content
from book.render import SOURCES, TITLES, data, render
from book.source import keys
from book.words import address, html, link
from figures.gallery import plates
from theory import claims, contents, symbols
from theory.claim import Claim
from theory.contents import first_sentence
from theory.document import rows_of
from theory.domain import Parameter
from theory.errata import errata
from theory.page import names_of


def files() -> dict[str, Content]:
    """The pages, and the data files of search and previews."""
    return {
        "claims.html": render("claims.html", "claims.html", title="All claims", rows=_rows()),
        "letters.html": render("letters.html", "letters.html", title="Letters", letters=_letters()),
        "errata.html": render("errata.html", "errata.html", title="Errata", boxes=_boxes()),
        "data/search.js": data("entries", list(_entries())),
        "data/previews.js": data("previews", {c.name: _preview(c) for c in claims().values()}),
    }


def _rows() -> dict[str, list[tuple[str, str, str]]]:
    """By chapter: the link, the status and the first sentence of each claim."""
    return {
        TITLES[chapter]: [
            (
                link(claim.name),
                str(claim.status),
                html(first_sentence(claim.statement), claim.domain),
            )
            for claim in contents.claims_of(chapter)
        ]
        for chapter in TITLES
    }


def _letters() -> list[tuple[Any, list[str]]]:
    """The letters of the house, each with the claims that it is a parameter of."""
    house = {each.name: each for each in vars(symbols).values() if isinstance(each, Parameter)}
    users: dict[str, list[str]] = {name: [] for name in house}
    for claim in claims().values():
        for name in claim.domain:
            if name in users:
                users[name].append(link(claim.name))
    return [(letter(each), users[name]) for name, each in sorted(house.items(), key=_alphabetic)]


def _alphabetic(item: tuple[str, Parameter]) -> tuple[str, str]:
    return item[0].lower(), item[0]


def _boxes() -> dict[str, list[Box]]:
    """By source: the boxes of its errata."""
    found: dict[str, list[Box]] = {source: [] for source in SOURCES}
    for entry in errata().values():
        source = next(each for each in SOURCES if entry.reference.key in keys(each))
        found[source].append(box(entry))
    return {source: boxes for source, boxes in found.items() if boxes}


def _entries() -> Iterable[list[str]]:
    """What search finds: kind, name, address and words."""
    for claim in claims().values():
        yield ["claim", claim.name, address("claim", claim.name), first_sentence(claim.statement)]
    for plate in plates().values():
        if plate.result is None:
            yield ["figure", plate.name, address("figure", plate.name), plate.caption]
    for entry in errata().values():
        yield ["erratum", entry.name, address("erratum", entry.name), entry.printed]
    for chapter, title in TITLES.items():
        yield ["chapter", title, f"{chapter}.html", contents.title(f"theory.{chapter}")]


def _preview(claim: Claim) -> str:
    """A claim in short, as a link to it shows: its first sentence and its closed form."""
    names = names_of(claim)
    formulas = [aligned(rows_of(each, names, "")) for each in claim.closed_form._named.values()]
    return f"<p>{html(first_sentence(claim.statement), claim.domain)}</p>{''.join(formulas)}"
