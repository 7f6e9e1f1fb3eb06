"""A page of the book on paper: printed by the browser, black on white, without menus."""

from pathlib import Path

import pytest

from book.pdf import print_pages
from tests.browser.visit import Browser

#: How light the letters and the grounds of a page are, from 0 to 1, as WCAG has it.
LIGHT = """() => {
  const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const [r, g, b, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
    const [red, green, blue] = [r, g, b].map((c) => linear(c / 255));
    return alpha ? 0.2126 * red + 0.7152 * green + 0.0722 * blue : null;
  };
  const seen = Array.from(document.querySelectorAll('body, body *')).filter(
    (each) => each.getClientRects().length);
  const speaks = (each) => Array.from(each.childNodes).some(
    (node) => node.nodeType === 3 && node.data.trim());
  const style = (each) => getComputedStyle(each);
  const ink = (each) => light(each.closest('svg') ? style(each).fill : style(each).color);
  return {
    letters: seen.filter(speaks).map(ink),
    grounds: seen.map((each) => light(style(each).backgroundColor)).filter((x) => x !== null),
  };
}"""
#: Letters that are darker are read on white, by WCAG's 4.5 to 1.
DARK = 1.05 / 4.5 - 0.05
#: A ground that is lighter passes for paper.
PALE = 0.8
MENUS = (".top", "#contents", ".skip", ".lazy", ".buttons", ".preview")
BODY = "() => [getComputedStyle(document.body)].map((s) => [s.color, s.backgroundColor])[0]"


def test_a_page_is_printed(browser: Browser, book: Path, tmp_path: Path) -> None:
    (printed,) = print_pages(["quadratic.html"], book, tmp_path / "new")
    assert printed == tmp_path / "new" / "quadratic.pdf"
    assert printed.read_bytes().startswith(b"%PDF")
    assert [path.name for path in printed.parent.iterdir()] == [printed.name]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_paper_is_white_with_dark_letters_and_no_menu(browser: Browser, theme: str) -> None:
    with browser.visit("quadratic.html", theme=theme) as visit:
        visit.page.locator("main a[data-claim]").first.focus()
        visit.page.wait_for_selector(".preview")
        visit.page.emulate_media(media="print", color_scheme=theme)
        assert visit.page.evaluate(BODY) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        found = visit.page.evaluate(LIGHT)
        assert len(found["letters"]) > 1000 and max(found["letters"]) < DARK
        assert min(found["grounds"]) > PALE
        for part in MENUS:
            assert visit.page.locator(part).count()
            assert visit.page.locator(f"{part}:visible").count() == 0, part
