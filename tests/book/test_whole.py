"""The whole book, made once: everything is there, once, and all links resolve."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from book.materials import read
from book.publish import Content
from book.site import files
from figures.gallery import plates
from theory import CHAPTERS, claims
from theory.errata import errata


class Reader(HTMLParser):
    """The places, the links and the files that a page names, and what it counts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: list[str] = []
        self.links: list[str] = []
        self.resources: list[str] = []
        self.claims: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attributes}
        if "id" in known:
            self.places.append(known["id"])
        if tag == "a":
            self.links.append(known["href"])
        if tag in ("script", "img", "link") and (known.get("src") or known.get("href")):
            self.resources.append(known.get("src") or known["href"])
        if tag == "article" and known.get("class") == "claim":
            self.claims.append(known["id"])


def test_the_book_holds_together(tmp_path: Path) -> None:
    """One test, for the book takes half a minute to make."""
    book = files(CHAPTERS, read(tmp_path, tmp_path / "verdicts.json"), jobs=1)
    pages = {
        name: Reader(text)
        for name, text in book.items()
        if name.endswith(".html") and isinstance(text, str)
    }
    every_claim_has_its_address(pages)
    every_figure_stands_once(pages)
    every_erratum_stands_once(pages)
    a_place_is_named_once_in_a_page(pages)
    all_links_resolve(pages, book)
    nothing_is_loaded_from_elsewhere(pages, book)
    what_is_not_drawn_has_its_command(book)


def every_claim_has_its_address(pages: dict[str, Reader]) -> None:
    found = [
        f"{name.removesuffix('.html')}.{each}"
        for name, page in pages.items()
        for each in page.claims
    ]
    assert sorted(found) == sorted(claims())


def every_figure_stands_once(pages: dict[str, Reader]) -> None:
    found = Counter(
        f"{name.removesuffix('.html')}.{place.removeprefix('figure-')}"
        for name, page in pages.items()
        for place in page.places
        if place.startswith("figure-")
    )
    assert found == Counter(plate.name for plate in plates().values() if plate.result is None)


def every_erratum_stands_once(pages: dict[str, Reader]) -> None:
    assert Counter(each for each in pages["errata.html"].places if re.fullmatch(r"E\d+", each)) == (
        Counter(list(errata()))
    )


def a_place_is_named_once_in_a_page(pages: dict[str, Reader]) -> None:
    for name, page in pages.items():
        twice = [place for place, count in Counter(page.places).items() if count > 1]
        assert not twice, f"{name}: {twice}"


def all_links_resolve(pages: dict[str, Reader], book: dict[str, Content]) -> None:
    for name, page in pages.items():
        for link in page.links:
            file, _, place = link.partition("#")
            if file.startswith("http"):
                continue
            assert (file or name) in book, f"{name}: {link}"
            if place and (file or name) in pages:
                assert place in pages[file or name].places, f"{name}: {link}"


def nothing_is_loaded_from_elsewhere(pages: dict[str, Reader], book: dict[str, Content]) -> None:
    for name, page in pages.items():
        for resource in page.resources:
            assert resource == "data:," or resource in book, f"{name}: {resource}"
    for name, content in book.items():
        text = content.read_text("utf-8") if isinstance(content, Path) else content
        if name.endswith((".css", ".js")):
            assert not re.search(r"""(?:src|href|url\()[^>;]{0,40}https?://""", text), name


def what_is_not_drawn_has_its_command(book: dict[str, Content]) -> None:
    text = book["spectra.html"]
    assert "Not drawn yet: <code>python -m figures spectra.outlier_against_mean</code>" in text
    assert "<img" not in text
