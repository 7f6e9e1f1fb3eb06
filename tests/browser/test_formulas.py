"""Formulas are drawn by the book's own font, roots without a gap behind them."""

from book import fonts
from tests.browser.visit import Browser

#: What is between the end of a root and what it stands over, in parts of its height.
GAP = """() => Array.from(document.querySelectorAll('msqrt'))
  .filter((root) => root.getClientRects().length && root.lastElementChild)
  .map((root) => (root.getBoundingClientRect().right
    - root.lastElementChild.getBoundingClientRect().right)
    / parseFloat(getComputedStyle(root).fontSize))"""
#: The share of the size that a slanted letter may lean out of its box.
LEAN = 0.05


def test_a_chapter_has_its_formulas_in_the_book_s_font(browser: Browser) -> None:
    with browser.visit("spectra.html") as visit:
        assert visit.page.locator("math").count() > 300
        assert visit.page.evaluate(f"() => document.fonts.check('20px \"{fonts.FAMILY}\"')")
        used = "() => getComputedStyle(document.querySelector('math')).fontFamily"
        assert fonts.FAMILY in visit.page.evaluate(used)
        gaps = visit.page.evaluate(GAP)
        assert gaps
        assert max(gaps) < LEAN
