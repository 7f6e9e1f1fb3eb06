"""Every page can be read: on a phone and a desk, light and dark, and by those who do not see."""

import re

import pytest

from tests.browser.pages import ALL, CHOSEN, EVERY
from tests.browser.visit import SIZES, Browser, Visit

#: What a page may move without the reader's doing, which browsers call good.
STILL = 0.1
#: A number that is none, or an object that was meant to be a text.
NO_TEXT = re.compile(r"\bNaN\b|\[object \w+\]|\bundefined\b(?=\s*$)", re.M)
#: What axe judges does not depend on width and theme together, so each is judged once.
JUDGED = {(390, "dark"), (1280, "light")}
#: A page of a folder must not read its own style sheets, which axe would do first.
AXE = {"preload": False}
#: Axe takes minutes where all is open. Without ALL=1 it judges so many open cards of a section.
CARDS = 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("page", CHOSEN)
def test_a_page_can_be_read(browser: Browser, page: str, width: int, theme: str) -> None:
    with browser.visit(page, width, theme) as visit:
        assert visit.page.evaluate("() => document.documentElement.dataset.theme") == theme
        visit.sweep()
        assert visit.shifted < STILL
        assert visit.overflow == []
        visit.open_all()
        assert visit.overflow == []
        assert NO_TEXT.findall(visit.text) == []
        if (width, theme) in JUDGED:
            if not ALL:
                visit.open_first(CARDS)
            assert violations(visit) == []
        assert visit.complaints == []


def violations(visit: Visit) -> list[str]:
    """What axe says against the page: rule, number of places and the first of them."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(visit.page, options=AXE).response["violations"]
    return [f"{each['id']} ({len(each['nodes'])}): {each['nodes'][0]['html']}" for each in found]


def test_the_book_has_all_pages(book) -> None:
    assert {path.name for path in book.glob("*.html")} == set(EVERY)
