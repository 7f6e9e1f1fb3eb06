"""A visit of a page: what a reader does there, and everything that the page complains about."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from book.chromium import offline

#: Milliseconds that a loaded machine may take for a large page.
PATIENCE = 120_000
SIZES = {390: (390, 844), 1280: (1280, 900)}

#: Sums what moves without the reader's doing.
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (!entry.hadRecentInput) window.shifted += entry.value;
})).observe({type: 'layout-shift', buffered: true});
"""
#: Two frames were drawn since.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
#: Scrolls down the page, a screen at a time, as what moves is made when it comes near the view.
SWEEP = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)));
  for (let y = 0; y < document.documentElement.scrollHeight; y += 0.9 * innerHeight) {
    scrollTo(0, y);
    await frame();
  }
  scrollTo(0, 0);
  await frame();
}"""


@dataclass
class Visit:
    """A page that is open. ``complaints`` are its messages, errors and failed requests."""

    page: Any
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.page
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: self._note("console", message.text))
        page.on("pageerror", lambda error: self._note("error", error))
        page.on("requestfailed", lambda request: self._note("not loaded", request.url))
        page.on("request", self._local)

    def _note(self, what: str, words: Any) -> None:
        self.complaints.append(f"{what}: {str(words)[:200]}")

    def _local(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self._note("asked the net", request.url)

    def settle(self) -> None:
        """Wait until what was asked for is drawn."""
        self.page.evaluate(DRAWN)

    def sweep(self) -> None:
        """Read the page from its top to its end, and return to the top."""
        self.page.evaluate(SWEEP)

    def open_all(self) -> None:
        """Open everything that is folded."""
        self._fold("details", True)
        self.sweep()

    def open_first(self, cards: int) -> None:
        """Leave open what is folded in the first cards alone."""
        self._fold("details", False)
        self._fold(f":nth-child(-n + {cards} of .claim) details", True)
        self.settle()

    def _fold(self, which: str, is_open: bool) -> None:
        change = "([which, open]) => document.querySelectorAll(which).forEach((e) => e.open = open)"
        self.page.evaluate(change, [which, is_open])

    @property
    def text(self) -> str:
        """What a reader sees."""
        return str(self.page.evaluate("() => document.body.innerText"))

    @property
    def overflow(self) -> list[str]:
        """What sticks out to the right of the window; empty where nothing makes the page wider."""
        return list(self.page.evaluate(OVERFLOW))

    @property
    def shifted(self) -> float:
        """The cumulative layout shift so far."""
        return float(self.page.evaluate("() => window.shifted"))

    def values_of(self, place: str) -> dict[str, float]:
        """The values of letters that a script says to have used at ``place``."""
        return dict(json.loads(self.page.locator(place).get_attribute("data-values")))


#: The elements that are wider than the window and lie in nothing that scrolls by itself.
OVERFLOW = """() => {
  const width = innerWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (each) => each && each !== document.body
    && (getComputedStyle(each).overflowX !== 'visible' || scrolls(each.parentElement));
  return ['the page'].concat(Array.from(document.body.querySelectorAll('*'))
    .filter((each) => each.getBoundingClientRect().right > width + 0.5)
    .filter((each) => !scrolls(each.parentElement))
    .slice(0, 5)
    .map((each) => each.outerHTML.slice(0, 160)));
}"""


@dataclass
class Browser:
    """A browser over the folder of a book."""

    program: Any
    folder: Path

    @classmethod
    @contextmanager
    def started(cls, program: str, folder: Path) -> Iterator["Browser"]:
        """Start the browser at the path ``program``, and end it."""
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=program, args=offline())
            try:
                yield cls(started, folder)
            finally:
                started.close()

    @contextmanager
    def visit(self, address: str, width: int = 1280, theme: str = "light") -> Iterator[Visit]:
        """Open ``address``, a page of the folder with or without a place."""
        across, down = SIZES[width]
        context = self.program.new_context(
            viewport={"width": across, "height": down}, color_scheme=theme
        )
        try:
            visit = Visit(context.new_page())
            visit.page.add_init_script(SHIFTS)
            visit.page.goto(f"{self.folder.as_uri()}/{address}", wait_until="load")
            visit.page.evaluate("() => document.fonts.ready.then(() => null)")
            visit.settle()
            yield visit
        finally:
            context.close()
