"""The book in the system's own Chromium, from its folder and without a network: make test-book.

The variable BOOK names the folder.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from book.chromium import LACKING, find
from tests.book.moving import MOVING
from tests.browser.visit import Browser, Visit

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def book() -> Path:
    """The folder of the book."""
    named = os.environ.get("BOOK")
    if not named:
        pytest.skip("make test-book names the book to open")
    folder = Path(named).resolve()
    if not (folder / ".book.json").is_file():
        pytest.fail(f"there is no book in {folder}: python -m book")
    return folder


@pytest.fixture(scope="session")
def browser(book: Path) -> Iterator[Browser]:
    """A browser over the book; the tests are skipped where there is none."""
    pytest.importorskip("playwright", reason="pip install -e '.[book-test]'")
    program = find()
    if program is None:
        pytest.skip(LACKING)
    with Browser.started(program, book) as made:
        yield made


@pytest.fixture(scope="module")
def pages(browser: Browser) -> Iterator[dict[str, Visit]]:
    """The chapters in which anything moves, open."""
    with ExitStack() as stack:
        yield {each: stack.enter_context(browser.visit(f"{each}.html")) for each in MOVING}
