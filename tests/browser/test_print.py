"""A page of the book is printed by the browser."""

from pathlib import Path

from book.pdf import print_pages
from tests.browser.visit import Browser


def test_a_page_is_printed(browser: Browser, book: Path, tmp_path: Path) -> None:
    (printed,) = print_pages(["quadratic.html"], book, tmp_path / "new")
    assert printed == tmp_path / "new" / "quadratic.pdf"
    assert printed.read_bytes().startswith(b"%PDF")
    assert [path.name for path in printed.parent.iterdir()] == [printed.name]
