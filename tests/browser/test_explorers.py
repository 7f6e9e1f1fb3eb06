"""A reader moves an explorer by its sliders, and by the keyboard alone."""

import pytest

from book.explorers import explorers
from book.explorers.explorer import Explorer
from tests.book.moving import MOVING, agrees
from tests.browser.visit import Browser, Visit

EXPLORERS = [(chapter, each) for chapter in MOVING for each in explorers(chapter).values()]
#: Where a slider stands after each key; the numbers at all of them are compared with Python.
KEYS = ("Home", "PageUp", "PageUp", "End", "ArrowLeft")


@pytest.mark.parametrize(
    ("chapter", "explorer"), EXPLORERS, ids=lambda each: getattr(each, "name", each)
)
def test_each_slider_moves_the_picture_and_the_numbers_are_python_s(
    browser: Browser, chapter: str, explorer: Explorer
) -> None:
    with browser.visit(f"{chapter}.html#explorer-{explorer.name}") as visit:
        for slider in explorer.sliders:
            at = f"#explorer-{explorer.name}-{slider.letter.name}"
            pictures = [moved(visit, explorer, at, key) for key in KEYS]
            assert len(set(pictures)) == len(pictures), f"{slider.letter.name} moves nothing"
        assert visit.complaints == []


def moved(visit: Visit, explorer: Explorer, slider: str, key: str) -> bytes:
    """The picture after a key at a slider. The numbers beside it are compared with Python's."""
    host = f"#explorer-{explorer.name}"
    visit.page.locator(slider).press(key)
    visit.page.wait_for_selector(f'{host}[data-ready="true"]')
    letters = visit.values_of(host)
    shown = visit.page.locator(f"{host} .readouts output").all()
    for readout, place in zip(explorer.readouts, shown, strict=True):
        number = float(place.get_attribute("data-value"))
        assert agrees(readout.value, letters, number), (readout.label, letters, number)
    return bytes(visit.page.locator(f"{host} .picture").screenshot())


def test_new_data_are_new_and_reset_brings_the_start_back(browser: Browser) -> None:
    with browser.visit("spectra.html#explorer-outlier") as visit:
        host = visit.page.locator("#explorer-outlier")
        ready = '#explorer-outlier[data-ready="true"]'
        visit.page.wait_for_selector(ready)
        picture = host.locator(".picture")
        first = picture.inner_html()
        host.locator(".again").click()
        visit.page.wait_for_selector(ready)
        second = picture.inner_html()
        assert first != second
        host.locator("input").first.press("End")
        host.locator(".reset").click()
        visit.page.wait_for_selector(ready)
        assert picture.inner_html() == second


def test_an_address_holds_the_state_of_an_explorer(browser: Browser) -> None:
    with browser.visit("spectra.html#explorer-density?alpha=5&v=2&N=40") as visit:
        visit.page.wait_for_selector('#explorer-density[data-ready="true"]')
        letters = visit.values_of("#explorer-density")
        assert (letters["alpha"], letters["v"], letters["N"]) == (5, 2, 40)
