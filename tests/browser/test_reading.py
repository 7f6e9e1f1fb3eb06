"""What a reader does on a page: looks up, opens, copies, types own numbers, reads on paper."""

import json
from typing import Any

import pytest

from tests.browser.visit import Browser
from tests.close import rounded
from theory import spectra

#: A card whose claim has three numbers and a domain that is easy to leave.
CARD = "#outlier"
#: The colours of a page's ink and paper, as three numbers each.
INK = """() => [getComputedStyle(document.body).color,
  getComputedStyle(document.body).backgroundColor].map((each) => each.match(/\\d+/g).map(Number))"""
#: Keeps what is copied, as the browser's own clipboard cannot be read everywhere.
CLIPBOARD = "() => { navigator.clipboard.writeText = async (x) => (window.x = x); }"
#: What a reader can press, as words, with what is wrong with it.
CONTROLS = """() => {
  const all = Array.from(document.querySelectorAll('a[href], button, input, select, summary'));
  const seen = all.filter((each) => each.getClientRects().length);
  return seen.filter((each) => each.tabIndex < 0).map((each) => each.outerHTML.slice(0, 90));
}"""


def open_card(visit: Any, summary: str) -> Any:
    """Open a part of the card of ``spectra.outlier`` that is folded, and return it."""
    part = visit.page.locator(f"{CARD} details", has=visit.page.get_by_text(summary, exact=True))
    part.locator("summary").first.press("Enter")
    visit.settle()
    return part


def test_own_numbers_give_python_s_value_or_the_domain_s_words(browser: Browser) -> None:
    with browser.visit("spectra.html#outlier") as visit:
        form = open_card(visit, "At your own numbers").locator("form")
        values = {"N": 320, "alpha": 1.25, "m": 0.25, "v": 0.9}
        for name, value in values.items():
            form.locator(f"input[name={name}]").fill(str(value))
        shown = float(form.locator(".result output").get_attribute("data-value"))
        assert rounded(shown, spectra.outlier(**values), condition=10)
        form.locator("input[name=alpha]").fill("-1")
        assert "alpha" in form.locator(".result").inner_text()
        assert form.locator("[aria-invalid=true]").get_attribute("name") == "alpha"
        assert visit.complaints == []


def test_a_curve_runs_along_each_letter_and_shows_the_mistakes(browser: Browser) -> None:
    with browser.visit("spectra.html#outlier") as visit:
        curve = open_card(visit, "As a curve").locator(".curve")
        along = curve.locator(".along")
        letters = along.locator("option").all_inner_texts()
        pictures = []
        for place in range(len(letters)):
            along.select_option(index=place)
            visit.settle()
            pictures.append(curve.locator(".picture").inner_html())
        assert len(set(pictures)) == len(letters) > 1
        curve.locator(".twins").check()
        visit.settle()
        assert 'class="printed"' in curve.locator(".picture").inner_html()
        assert visit.complaints == []


@pytest.mark.parametrize("asked", ["spectra.outlier", "largest eigenvalue mean"])
def test_a_claim_is_found_by_the_keyboard(browser: Browser, asked: str) -> None:
    with browser.visit("index.html") as visit:
        visit.page.keyboard.press("/")
        visit.page.keyboard.type(asked)
        visit.page.wait_for_selector("#hits a")
        names = visit.page.locator("#hits b").all_inner_texts()
        for _ in range(names.index("spectra.outlier") + 1):
            visit.page.keyboard.press("ArrowDown")
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_url("**/spectra.html#outlier")
        assert visit.complaints == []


def test_an_address_shows_its_card(browser: Browser) -> None:
    with browser.visit("spectra.html#outlier") as visit:
        visit.settle()
        top = visit.page.locator(CARD).bounding_box()["y"]
        assert 0 <= top < visit.page.viewport_size["height"] / 2


def test_colours_are_remembered(browser: Browser) -> None:
    with browser.visit("index.html", theme="light") as visit:
        visit.page.locator("#theme").click()
        visit.page.goto(visit.page.url.replace("index", "spectra"))
        assert visit.page.evaluate("() => document.documentElement.dataset.theme") == "dark"


def test_buttons_copy(browser: Browser) -> None:
    with browser.visit("spectra.html#outlier") as visit:
        part = open_card(visit, "Sources, neighbours, code")
        visit.page.evaluate(CLIPBOARD)
        for words, right in {
            "Copy Python": "theory.claims()['spectra.outlier'](",
            "Copy LaTeX": "\\",
            "Copy the address": visit.page.url,
        }.items():
            part.get_by_text(words, exact=True).click()
            visit.page.get_by_text("Copied").wait_for()
            assert right in visit.page.evaluate("() => window.x")
            part.get_by_text(words, exact=True).wait_for()


def test_the_keyboard_reaches_what_can_be_pressed(browser: Browser) -> None:
    with browser.visit("spectra.html") as visit:
        assert json.dumps(visit.page.evaluate(CONTROLS)) == "[]"
        for _ in range(12):
            visit.page.keyboard.press("Tab")
            style = "() => getComputedStyle(document.activeElement).outlineStyle"
            assert visit.page.evaluate(style) != "none"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_paper_is_white_and_has_no_menu(browser: Browser, theme: str) -> None:
    with browser.visit("spectra.html", theme=theme) as visit:
        visit.page.emulate_media(media="print", color_scheme=theme)
        assert visit.page.evaluate(INK) == [[0, 0, 0], [255, 255, 255]]
        for part in (".top", "#contents", ".lazy", ".explorer .buttons"):
            assert not visit.page.locator(part).first.is_visible()
