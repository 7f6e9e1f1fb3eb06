"""What a reader does on a page: looks up, opens, types own numbers, changes colours."""

from typing import Any

import pytest

from book.explorers.explorer import Value
from tests.book.moving import agrees
from tests.browser.shown import number
from tests.browser.visit import Browser
from theory import spectra
from theory.domain import DomainError

#: A card whose claim has three numbers and a domain that is easy to leave.
CARD = "#outlier"


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
        assert agrees(Value(spectra.outlier), values, shown)
        assert number(form.locator(".result").inner_text()) == float(f"{shown:.8g}")
        form.locator("input[name=alpha]").fill("-1")
        with pytest.raises(DomainError) as refused:
            spectra.outlier(**values | {"alpha": -1})
        assert form.locator(".result").inner_text() == str(refused.value)
        assert form.locator("[aria-invalid=true]").get_attribute("name") == "alpha"
        open_card(visit, "As a curve")  # refused numbers must not keep it from being made
        form.locator("input[name=alpha]").fill("2")
        curve = visit.page.locator(f"{CARD} .curve .picture")
        assert "<svg" in curve.inner_html()
        form.locator("input[name=alpha]").fill("-1")
        assert curve.inner_html() == ""
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
            pictures.append(curve.locator(".picture").screenshot())
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
