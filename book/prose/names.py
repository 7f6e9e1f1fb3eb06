"""Names in braces as HTML: ``{outlier}`` and its like.

``{quadratic.max_rate}`` names a claim, ``{E11}`` an erratum and ``{spectra}`` a page.
``{figure NAME}`` and ``{experiment NAME}`` say their kind. What is of the page itself needs no
``spectra.`` before it. ``{judged page2019, momentum}`` is the verdict of a person on a passage of a
source, and ``{= ...}`` is a number (``computed.py``).
"""

from collections.abc import Callable

from book.prose import files
from book.prose.computed import find_claim, names_of_claims, number
from book.words import address, breaking, link
from companion.command import unknown
from companion.errors import UsageError
from companion.index import index
from companion.passages import PASSAGES
from figures.gallery import SOURCES, plates
from theory import CHAPTERS
from theory.errata import errata

#: The pages that a text may name.
PAGES = (*CHAPTERS, *SOURCES, "how_to_read")


def html(name: str, page: str) -> str:
    """What ``{name}`` stands for in the text of ``page``. UsageError where it is unknown."""
    if name.startswith("="):
        return number(name.removeprefix("="), page)
    kind, _, rest = " ".join(name.split()).partition(" ")
    return KINDS[kind](rest, page) if kind in KINDS else _plain(name, page)


def _plain(name: str, page: str) -> str:
    """A claim, an erratum or a page."""
    if name in PAGES:
        return f'<a href="{name}.html"><cite>{files.title(name)}</cite></a>'
    if name in errata():
        return link(name)
    claim = find_claim(name, page)
    if claim is None:
        known = [*names_of_claims(page), *errata(), *PAGES]
        raise UsageError(unknown("claim, erratum or page", name, known))
    return link(claim.name, name)


def _figure(name: str, page: str) -> str:
    full = f"{page}.{name}" if f"{page}.{name}" in plates() else name
    if full not in plates():
        raise UsageError(unknown("figure", name, plates()))
    return f'<a href="{address("figure", full)}">figure {breaking(name)}</a>'


def _experiment(name: str, page: str) -> str:
    """An experiment as a link to its first figure."""
    known = {each: entry for (kind, each), entry in index().items() if kind == "experiment"}
    if name not in known:
        raise UsageError(unknown("experiment", name, known))
    place = address("figure", known[name].carries["figure"][0])
    return f'<a href="{place}">experiment {breaking(name)}</a>'


def _verdict(passage: str, page: str) -> str:
    source, _, place = (part.strip() for part in passage.partition(","))
    if source not in PASSAGES:
        raise UsageError(unknown("source with passages", source, PASSAGES))
    if place not in PASSAGES[source]:
        raise UsageError(unknown(f"passage of {source}", place, PASSAGES[source]))
    return f"<em>{PASSAGES[source][place].verdict}</em>"


#: What a first word in braces says of the words after it.
KINDS: dict[str, Callable[[str, str], str]] = {
    "figure": _figure,
    "experiment": _experiment,
    "judged": _verdict,
}
